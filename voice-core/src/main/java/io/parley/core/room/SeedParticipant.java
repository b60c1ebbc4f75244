package io.parley.core.room;

/**
 * What clients of the original protocol are called. They bring no token, so the connection names the participant; and
 * since no token's subject may begin so, the name alone tells what they are.
 */
public final class SeedParticipant {

    private static final String PREFIX = "seed-";

    private SeedParticipant() {}

    public static String of(String connection) {
        return PREFIX + connection;
    }

    public static boolean is(String participant) {
        return participant.startsWith(PREFIX);
    }
}
