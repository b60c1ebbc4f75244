package io.parley.local.system;

import com.google.protobuf.ByteString;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.Event;
import io.parley.core.wire.Tick;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a room's tick log is whole: numbers without gaps within each epoch, each hash following from the one before,
 * and each epoch beginning where the log of the one before it ends.
 */
final class TickLogCheck {

    private TickLogCheck() {}

    /** What is wrong with the ticks, which are in the log's order; empty if nothing is. */
    static List<String> findings(List<Tick> ticks) {
        List<String> findings = new ArrayList<>();
        TickHash hash = new TickHash();
        Tick before = null;
        for (Tick tick : ticks) {
            String name = tick.getEpoch() + "/" + tick.getTick();
            boolean opens = before == null || before.getEpoch() != tick.getEpoch();
            if (tick.getTick() != (opens ? 0 : before.getTick() + 1)) {
                findings.add(name + " does not follow " + (before == null ? "the beginning" : before.getTick()));
            }
            if (!tick.getPreviousHash().equals(opens ? TickHash.ZERO : before.getHash())) {
                findings.add(name + " does not name the hash of the tick before");
            }
            if (!hash.hash(tick).equals(tick.getHash())) {
                findings.add(name + " has not the hash of its content");
            }
            if (opens && before != null && !continues(tick, before)) {
                findings.add(name + " opens an epoch that does not begin where " + before.getEpoch() + "/"
                        + before.getTick() + " ends");
            }
            before = tick;
        }
        return findings;
    }

    private static boolean continues(Tick opening, Tick last) {
        Event opened = opening.getEvents(0);
        ByteString hash = opened.getTombstoneHash();
        return opened.getKind() == Event.Kind.OPENED
                && opened.getTombstoneEpoch() == last.getEpoch()
                && opened.getTombstoneTick() == last.getTick()
                && hash.equals(last.getHash());
    }
}
