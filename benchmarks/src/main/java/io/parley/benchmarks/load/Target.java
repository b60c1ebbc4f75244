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

    /** Null where the target does not tell, as a deployment does not. */
    StackReading read() throws IOException;

    @Override
    void close() throws IOException;
}
