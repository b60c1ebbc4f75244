package io.parley.local.contract;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assumptions;

/** Skips what cannot run here, and says so: Surefire is silent about a class that is aborted before its tests. */
public final class Absence {

    private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

    private Absence() {}

    /** Prints the reason, once in a run, and aborts the test. */
    static <T> T skip(String reason) {
        if (TOLD.add(reason)) {
            System.out.println("skipped: " + reason);
        }
        return Assumptions.abort("skipped: " + reason);
    }

    /** The same, unless PARLEY_REQUIRE names what is absent: then the test fails. */
    public static <T> T skipUnlessRequired(String name, String reason) {
        if (System.getenv().getOrDefault("PARLEY_REQUIRE", "").contains(name)) {
            throw new IllegalStateException("PARLEY_REQUIRE has " + name + ", but " + reason);
        }
        return skip(reason);
    }
}
