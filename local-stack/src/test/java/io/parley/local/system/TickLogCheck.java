package io.parley.local.system;

import io.parley.core.envelope.ContentHash;
import io.parley.core.envelope.ObjectKeys;
import io.parley.core.verify.Finding;
import io.parley.core.verify.RoomVerifier;
import io.parley.core.verify.SegmentKey;
import io.parley.core.wire.Tick;
import io.parley.core.wire.TickLogSegment;
import java.util.ArrayList;
import java.util.List;

/** What {@code parley verify} finds in a room's ticks, given one to a segment. */
final class TickLogCheck {

    private TickLogCheck() {}

    /** What is wrong with the ticks, which are in the log's order; empty if the log is consistent. */
    static List<Finding> findings(String room, List<Tick> ticks) {
        List<Finding> findings = new ArrayList<>();
        RoomVerifier verifier = new RoomVerifier(room, findings::add);
        for (Tick tick : ticks) {
            byte[] segment = TickLogSegment.newBuilder()
                    .setVersion(1)
                    .setRoom(room)
                    .setEpoch(tick.getEpoch())
                    .setFirstTick(tick.getTick())
                    .addTicks(tick)
                    .build()
                    .toByteArray();
            String key = ObjectKeys.segment(
                    room, tick.getEpoch(), tick.getTick(), tick.getCloseTimeMs(), ContentHash.of(segment));
            verifier.accept(SegmentKey.parse(key).orElseThrow(), segment);
        }
        findings.removeIf(finding -> finding.rule().isNote());
        return findings;
    }
}
