package io.parley.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayCustomAuthorizerEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import io.parley.local.lambda.FunctionRegistry;
import io.parley.local.lambda.LocalFunction;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Typed handlers behind the gateway, by the runtime's own serialisation both ways. */
class LambdaRouteTest {

    private final FunctionRegistry functions = new FunctionRegistry(Clock.systemUTC(), "eu-central-1", "000000000000");
    private final BlockingQueue<APIGatewayV2WebSocketEvent> messages = new LinkedBlockingQueue<>();
    private final RunningGateway running = new RunningGateway(options -> options.authorizer(route("authorizer"))
            .route("$connect", route("connect"))
            .route("sendaudio", route("audio"))
            .route("$default", route("missing")));

    LambdaRouteTest() {
        functions.register(LocalFunction.of("authorizer", Authorizer::new));
        functions.register(LocalFunction.of("connect", Connect::new));
        functions.register(LocalFunction.of("audio", () -> new Audio(messages)));
    }

    @AfterEach
    void close() {
        running.close();
        functions.close();
    }

    private LambdaRoute route(String name) {
        return new LambdaRoute(functions, name);
    }

    @Test
    void runsTypedHandlersFromTheUpgradeToTheMessage() throws Exception {
        Client client = running.connect(
                running.upgrade().addHeader("Authorization", "Bearer ada").addSubProtocol("parley.v1"));
        client.send("{\"action\":\"sendaudio\"}");

        APIGatewayV2WebSocketEvent event = messages.poll(10, TimeUnit.SECONDS);
        assertThat(event.getRequestContext().getAuthorizer()).isEqualTo(Map.of("principalId", "ada", "tier", "7"));
        assertThat(client.socket.subProtocol()).isEqualTo("parley.v1");
    }

    @Test
    void refusesWith401WhenTheHandlerThrowsUnauthorized() {
        assertThat(running.refused().getStatus()).isEqualTo(401);
    }

    @Test
    void tellsAnErrorWhereTheFunctionIsMissing() {
        Client client = running.connect(
                running.upgrade().addHeader("Authorization", "Bearer ada").addSubProtocol("parley.v1"));
        assertThat(client.send("x").hear()).contains("Internal server error").doesNotContain("missing");
    }

    private static final class Authorizer
            implements RequestHandler<APIGatewayCustomAuthorizerEvent, Map<String, Object>> {

        @Override
        public Map<String, Object> handleRequest(APIGatewayCustomAuthorizerEvent event, Context context) {
            String token = event.getHeaders().get("Authorization");
            if (token == null) {
                throw new IllegalStateException("Unauthorized");
            }
            return Map.of(
                    "principalId",
                    token.substring("Bearer ".length()),
                    "context",
                    Map.of("tier", 7),
                    "policyDocument",
                    Map.of(
                            "Version",
                            "2012-10-17",
                            "Statement",
                            List.of(Map.of(
                                    "Effect",
                                    "Allow",
                                    "Action",
                                    "execute-api:Invoke",
                                    "Resource",
                                    event.getMethodArn()))));
        }
    }

    private static final class Connect
            implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

        @Override
        public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
            APIGatewayV2WebSocketResponse response = new APIGatewayV2WebSocketResponse();
            response.setStatusCode(200);
            response.setHeaders(Map.of("Sec-WebSocket-Protocol", "parley.v1"));
            return response;
        }
    }

    private static final class Audio
            implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

        private final BlockingQueue<APIGatewayV2WebSocketEvent> messages;

        Audio(BlockingQueue<APIGatewayV2WebSocketEvent> messages) {
            this.messages = messages;
        }

        @Override
        public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
            messages.add(event);
            APIGatewayV2WebSocketResponse response = new APIGatewayV2WebSocketResponse();
            response.setStatusCode(200);
            return response;
        }
    }
}
