package io.parley.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.util.List;

/** The system under load. */
public interface Target extends AutoCloseable {

    URI url();

    String apiKey();

    /** User tokens of so many different users. */
    List<String> tokens(int count) throws IOException;

    /** A fresh room ticket for whose token it is; null where rooms ask for none. */
    default String ticket(String token, String room) {
        return null;
    }

    /** Null where the target does not tell, as a deployment does not. */
    StackReading read() throws IOException;

    @Override
    void close() throws IOException;
}
