package io.parley.local.conformance;

/**
 * Something that docs/protocol.md promises.
 *
 * @param topic under which it is reported
 * @param name a sentence
 * @param needsTickets whether room tickets have to be made for it
 */
record Behaviour(String topic, String name, boolean needsTickets, Check check) {

    /** Shows the behaviour on a deployment; throws {@link NotConformant} where it is not as promised. */
    @FunctionalInterface
    interface Check {
        void run(Deployment deployment) throws Exception;
    }

    static Behaviour of(String topic, String name, Check check) {
        return new Behaviour(topic, name, false, check);
    }

    static Behaviour withTickets(String topic, String name, Check check) {
        return new Behaviour(topic, name, true, check);
    }
}
