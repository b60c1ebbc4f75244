package io.parley.local.edge;

import java.util.Set;

/**
 * Whether a request was meant for this machine. A web page may give its own name this machine's address (DNS rebinding)
 * and is then of one origin with whatever listens here; the Host header still names the page's site.
 */
public final class LoopbackHost {

    private static final Set<String> NAMES = Set.of("127.0.0.1", "localhost", "[::1]");

    private LoopbackHost() {}

    /** Of the host part of a Host header or an authority, without the port; null is not one. */
    public static boolean is(String host) {
        return host != null && NAMES.contains(host);
    }

    /** Of a whole Host header, with or without a port; null is not one. */
    public static boolean isIn(String header) {
        return header != null && is(header.replaceFirst(":\\d*$", ""));
    }
}
