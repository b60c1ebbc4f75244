package io.parley.local.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Whether a deployment does what docs/protocol.md says, behaviour by behaviour, seen from outside: over WebSockets of
 * its own users, with nothing but the protocol.
 */
public final class Conformance {

    /** What became of a behaviour. */
    public enum Outcome {
        PASS,
        FAIL,
        SKIP
    }

    /**
     * @param detail why it failed or was left out; empty where it passed
     * @param millis how long it took
     */
    public record Result(String topic, String name, Outcome outcome, String detail, long millis) {}

    private Conformance() {}

    /**
     * Shows one behaviour after the other.
     *
     * @param chosen by their names, those to show
     * @param each is told of each result as it comes
     */
    public static List<Result> run(Deployment deployment, Predicate<String> chosen, Consumer<Result> each) {
        List<Behaviour> behaviours = new ArrayList<>(ConnectionBehaviours.all());
        behaviours.addAll(RoomBehaviours.all());
        behaviours.addAll(SpeechBehaviours.all());
        behaviours.addAll(ModerationBehaviours.all());
        List<Result> results = new ArrayList<>();
        for (Behaviour behaviour : behaviours) {
            if (chosen.test(behaviour.name())) {
                Result result = show(behaviour, deployment);
                results.add(result);
                each.accept(result);
            }
        }
        return results;
    }

    private static Result show(Behaviour behaviour, Deployment deployment) {
        if (behaviour.needsTickets() && !deployment.makesTickets()) {
            return result(
                    behaviour, Outcome.SKIP, "needs a deployment whose rooms ask for tickets, and its --ticket-key", 0);
        }
        long start = System.nanoTime();
        Outcome outcome = Outcome.PASS;
        String detail = "";
        try {
            behaviour.check().run(deployment);
        } catch (NotConformant e) {
            outcome = Outcome.FAIL;
            detail = e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome = Outcome.FAIL;
            detail = "interrupted";
        } catch (Exception e) {
            outcome = Outcome.FAIL;
            detail = String.valueOf(e.getCause() == null ? e : e.getCause());
        }
        return result(behaviour, outcome, detail, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    private static Result result(Behaviour behaviour, Outcome outcome, String detail, long millis) {
        return new Result(behaviour.topic(), behaviour.name(), outcome, detail, millis);
    }
}
