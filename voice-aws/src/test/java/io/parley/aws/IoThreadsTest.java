package io.parley.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

class IoThreadsTest {

    @Test
    void aThreadOutlivesTheClassLoaderOfWhoeverMadeTheFirstCall() throws Exception {
        Thread caller = Thread.currentThread();
        ClassLoader before = caller.getContextClassLoader();
        try (URLClassLoader closedSoon = new URLClassLoader(new URL[0])) {
            caller.setContextClassLoader(closedSoon);

            assertThat(new IoThreads.IoThread(() -> {}).getContextClassLoader())
                    .isEqualTo(IoThreads.class.getClassLoader());
        } finally {
            caller.setContextClassLoader(before);
        }
    }
}
