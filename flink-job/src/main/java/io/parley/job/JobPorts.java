package io.parley.job;

import io.parley.core.port.Broadcaster;
import io.parley.core.port.DataKeys;
import io.parley.core.port.EventPublisher;
import io.parley.core.port.ObjectStore;
import java.io.Serializable;

/**
 * How an operator gets at the world outside of Flink. Shipped with the job graph; each call opens a port of the
 * caller's own, which closes it by {@link #close} when its task ends.
 */
public interface JobPorts extends Serializable {

    Broadcaster openBroadcaster();

    EventPublisher openEventPublisher();

    ObjectStore openObjectStore();

    DataKeys openDataKeys();

    /** Closes a port that is {@link AutoCloseable}; null and other ports are left alone. */
    static void close(Object port) throws Exception {
        if (port instanceof AutoCloseable) {
            ((AutoCloseable) port).close();
        }
    }
}
