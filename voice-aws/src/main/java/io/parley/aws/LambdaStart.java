package io.parley.aws;

import java.util.Map;
import java.util.Set;

/** How Lambda says why it starts a process ("Using Lambda environment variables"). */
public final class LambdaStart {

    private static final String TYPE = "AWS_LAMBDA_INITIALIZATION_TYPE";
    private static final Set<String> AHEAD = Set.of("snap-start", "provisioned-concurrency");

    private LambdaStart() {}

    /** Whether it is before anybody needs the process, so that there is time to load and connect what it will use. */
    public static boolean isAhead(Map<String, String> environment) {
        return AHEAD.contains(environment.getOrDefault(TYPE, ""));
    }
}
