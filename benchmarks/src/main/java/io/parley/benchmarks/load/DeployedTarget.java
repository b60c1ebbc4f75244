package io.parley.benchmarks.load;

import java.net.URI;
import java.util.List;

/** A system that somebody else runs, which lets in the users whose tokens are given. */
record DeployedTarget(URI url, String apiKey, List<String> userTokens) implements Target {

    @Override
    public List<String> tokens(int count) {
        return userTokens.subList(0, count);
    }

    @Override
    public StackReading read() {
        return null;
    }

    @Override
    public void close() {}
}
