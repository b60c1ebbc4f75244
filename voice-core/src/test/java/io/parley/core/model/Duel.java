package io.parley.core.model;

import io.parley.core.wire.Tombstone;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Puts subjects through the same calls, time passing step by step and timers firing when the first subject says, and
 * stops at the first difference between what they give.
 */
final class Duel {

    private static final int SHOWN_STEPS = 40;

    private final List<Subject> subjects;
    private final List<String> history = new ArrayList<>();
    private final List<ModelOutput> outputs = new ArrayList<>();
    private Consumer<Step> listener = step -> {};

    private boolean open;
    private boolean catchingUp;
    private Tombstone tombstone;
    private long runStartMs = Script.START_MS;
    private int lateMs;
    long nowMs = Script.START_MS;

    Duel(Subject... subjects) {
        this.subjects = List.of(subjects);
    }

    /** Hears of every record just before it is given. */
    Duel telling(Consumer<Step> listener) {
        this.listener = listener;
        return this;
    }

    Duel run(Script script) {
        script.steps.forEach(this::take);
        return this;
    }

    /** All that the first subject gave. */
    List<ModelOutput> outputs() {
        return outputs;
    }

    boolean isOpen() {
        return open;
    }

    Tombstone tombstone() {
        return tombstone;
    }

    private void take(Step step) {
        long endMs = Math.max(step.atMs, nowMs);
        fireTimersUntil(endMs);
        nowMs = endMs;
        if (step.kind == Step.Kind.PAUSE) {
            return;
        }
        history.add(step.toString());
        switch (step.kind) {
            case RECORD:
                listener.accept(step);
                if (!open) {
                    open = true;
                    for (Subject subject : subjects) {
                        subject.open(tombstone, nowMs);
                        subject.beginRun(runStartMs);
                        subject.setCatchingUp(catchingUp);
                    }
                }
                compare(subject -> subject.accept(step.record, step.chunk(), nowMs * 1000 + 7));
                break;
            case TIMER:
                fire();
                break;
            case LATE_TIMERS:
                lateMs = step.value;
                break;
            case RESTART:
                runStartMs = nowMs;
                catchingUp = step.value == 1;
                if (open) {
                    for (Subject subject : subjects) {
                        subject.throughState();
                        subject.beginRun(runStartMs);
                        subject.setCatchingUp(catchingUp);
                    }
                    compare(subject -> List.of());
                }
                break;
            case CATCHING_UP:
                catchingUp = step.value == 1;
                if (open) {
                    subjects.forEach(subject -> subject.setCatchingUp(catchingUp));
                    fire();
                }
                break;
            case CHECKPOINT:
                if (open) {
                    subjects.get(0).throughState();
                    compare(subject -> List.of());
                }
                break;
            default:
                throw new IllegalStateException(step.kind.name());
        }
    }

    private void fireTimersUntil(long endMs) {
        // While the operator catches up it wakes no room.
        while (open && !catchingUp && subjects.get(0).nextTimerMs() <= endMs - lateMs) {
            nowMs = Math.max(nowMs, subjects.get(0).nextTimerMs() + lateMs);
            history.add("+" + (nowMs - Script.START_MS) + " timer");
            fire();
            if (open && subjects.get(0).nextTimerMs() <= nowMs) {
                throw failure("the timer fired, and is due again for "
                        + subjects.get(0).nextTimerMs());
            }
        }
    }

    private void fire() {
        if (open) {
            compare(subject -> subject.onTimer(nowMs * 1000 + 7));
        }
    }

    private interface Call {
        List<ModelOutput> on(Subject subject);
    }

    private void compare(Call call) {
        List<String> expected = null;
        for (Subject subject : subjects) {
            List<ModelOutput> given;
            try {
                given = call.on(subject);
            } catch (RuntimeException e) {
                AssertionError failure = failure(subject.getClass().getSimpleName() + " threw " + e);
                failure.initCause(e);
                throw failure;
            }
            List<String> lines = new ArrayList<>();
            given.forEach(output -> lines.addAll(output.lines()));
            if (subject == subjects.get(0)) {
                outputs.addAll(given);
                lines.forEach(line -> history.add("      " + line));
            }
            boolean closed = subject.isClosed();
            lines.add("closed: " + closed);
            lines.add("next timer: " + (subject.nextTimerMs() == Long.MAX_VALUE ? "-" : subject.nextTimerMs() + ""));
            if (closed && subject.tombstone() != null) {
                Tombstone end = subject.tombstone();
                lines.add("tombstone " + end.getEpoch() + ":" + end.getTick() + " " + ModelOutput.hex(end.getHash()));
            }
            if (expected == null) {
                expected = lines;
            } else if (!lines.equals(expected)) {
                throw difference(expected, lines, subject);
            }
        }
        if (subjects.get(0).isClosed()) {
            open = false;
            tombstone = subjects.get(0).tombstone();
        }
    }

    private AssertionError difference(List<String> first, List<String> other, Subject subject) {
        int at = 0;
        while (at < Math.min(first.size(), other.size()) && first.get(at).equals(other.get(at))) {
            at++;
        }
        StringBuilder text = new StringBuilder("they differ at line " + at + " of what left\nroom:\n");
        show(text, first, at);
        text.append(subject.getClass().getSimpleName()).append(":\n");
        show(text, other, at);
        return failure(text.toString());
    }

    private static void show(StringBuilder text, List<String> lines, int at) {
        for (int i = 0; i < lines.size(); i++) {
            if (i < 12 || Math.abs(i - at) < 12) {
                text.append(i == at ? "  > " : "    ").append(lines.get(i)).append('\n');
            }
        }
    }

    AssertionError failure(String text) {
        StringBuilder message = new StringBuilder(text).append("\nafter\n");
        history.subList(Math.max(0, history.size() - SHOWN_STEPS), history.size())
                .forEach(line -> message.append("  ").append(line).append('\n'));
        return new AssertionError(message);
    }
}
