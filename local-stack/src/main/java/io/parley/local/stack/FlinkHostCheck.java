package io.parley.local.stack;

import io.parley.local.edge.LoopbackHost;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.io.network.netty.InboundChannelHandlerFactory;
import org.apache.flink.shaded.netty4.io.netty.buffer.Unpooled;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelFutureListener;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandler;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandlerContext;
import org.apache.flink.shaded.netty4.io.netty.channel.SimpleChannelInboundHandler;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.DefaultFullHttpResponse;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.FullHttpResponse;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpHeaderNames;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpVersion;
import org.apache.flink.shaded.netty4.io.netty.util.ReferenceCountUtil;

/**
 * Keeps rebinding web pages from Flink's web UI and REST API: a Host that is not this machine's is answered with 403.
 * Flink finds it as a service and asks it before its own handlers.
 */
public final class FlinkHostCheck implements InboundChannelHandlerFactory {

    /** Before any other. */
    @Override
    public int priority() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Optional<ChannelHandler> createHandler(Configuration configuration, Map<String, String> responseHeaders) {
        return Optional.of(new HostCheck());
    }

    private static final class HostCheck extends SimpleChannelInboundHandler<HttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpRequest request) {
            if (LoopbackHost.isIn(request.headers().get(HttpHeaderNames.HOST))) {
                context.fireChannelRead(ReferenceCountUtil.retain(request));
                return;
            }
            FullHttpResponse refusal = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    HttpResponseStatus.FORBIDDEN,
                    Unpooled.copiedBuffer("Flink's web UI serves this machine only.", StandardCharsets.UTF_8));
            refusal.headers()
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, refusal.content().readableBytes());
            context.writeAndFlush(refusal).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
