package io.parley.ingest;

/** The game takes back what let somebody into a room. */
@FunctionalInterface
interface Revocation {

    /**
     * Takes the participant out of the room, and tells the job; no ticket that it used lets it in again. Harmless where
     * it is not there.
     */
    void revoke(String room, String participant);
}
