package io.parley.aws;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;

/**
 * The HTTP client of the process and its I/O threads, made at the first use and never closed: every service client
 * shares its connections and threads, however many handlers run in this process. All threads are daemons, and see this
 * class's own class loader: that of whoever happens to make the first call may be closed before the process ends, as
 * Flink closes a job's.
 */
final class IoThreads {

    private static final int THREADS =
            Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));
    private static final int MAX_CONNECTIONS_PER_HOST = 256;

    private IoThreads() {}

    static SdkAsyncHttpClient httpClient() {
        return Shared.HTTP_CLIENT;
    }

    /** Runs the SDK's timeouts and retries. */
    static ScheduledExecutorService timer() {
        return Shared.TIMER;
    }

    /** Throws where the caller is one of the I/O threads, on which to wait for an answer would be to wait for ever. */
    static void refuseBlocking(String what) {
        if (Thread.currentThread() instanceof IoThread) {
            throw new IllegalStateException(what + " blocks, but was called on "
                    + Thread.currentThread().getName() + ", which has to read the answer; call it on another executor");
        }
    }

    private static final class Shared {
        private static final SdkAsyncHttpClient HTTP_CLIENT = NettyNioAsyncHttpClient.builder()
                .eventLoopGroup(SdkEventLoopGroup.builder()
                        .numberOfThreads(THREADS)
                        .threadFactory(IoThread::new)
                        .build())
                .maxConcurrency(MAX_CONNECTIONS_PER_HOST)
                .maxPendingConnectionAcquires(10_000)
                .connectionTimeout(Duration.ofSeconds(2))
                .connectionAcquisitionTimeout(Duration.ofSeconds(2))
                // Under the idle times of the services' load balancers, so that it is us who close first.
                .connectionMaxIdleTime(Duration.ofSeconds(30))
                .tcpKeepAlive(true)
                .build();
        private static final ScheduledExecutorService TIMER = timer();

        private static ScheduledExecutorService timer() {
            ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
                Thread thread = new Thread(task, "aws-timer");
                thread.setDaemon(true);
                thread.setContextClassLoader(IoThreads.class.getClassLoader());
                return thread;
            });
            // A timeout is armed for every call and nearly never needed.
            timer.setRemoveOnCancelPolicy(true);
            return timer;
        }
    }

    static final class IoThread extends FastThreadLocalThread {
        IoThread(Runnable task) {
            super(task, "aws-io");
            setDaemon(true);
            setContextClassLoader(IoThreads.class.getClassLoader());
        }
    }
}
