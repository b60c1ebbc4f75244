package io.parley.core.room;

import io.parley.core.chunk.Codec;
import io.parley.core.tick.LiveFrames;
import io.parley.core.wire.MemberState;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.SeedSpeaker;
import io.parley.core.wire.Tick;
import java.util.BitSet;
import java.util.List;

/**
 * Tells who is heard in a tick by clients of the original protocol, which know neither streams nor participants, and
 * no codec but PCM at 16 kHz. Costs nothing but a look at the roster where none of them is in the room. Stateless.
 */
final class SeedSpeakers {

    private SeedSpeakers() {}

    static void tell(RoomOutput.Builder output, Roster roster, List<SpeakerStream> streams) {
        Tick tick = output.getTick();
        if (tick.getFrames().isEmpty() || !isListening(roster)) {
            return;
        }
        BitSet spoken = new BitSet();
        LiveFrames.Reader frames = new LiveFrames.Reader(tick.getFrames().toByteArray());
        while (frames.next()) {
            spoken.set(frames.stream());
        }
        for (SpeakerStream stream : streams) {
            if (stream.codec == Codec.PCM16_16K && spoken.get(stream.index())) {
                output.addSeedSpeakers(SeedSpeaker.newBuilder()
                        .setStream(stream.index())
                        .setParticipant(stream.participant)
                        .setName(name(stream, roster)));
            }
        }
    }

    private static boolean isListening(Roster roster) {
        for (MemberState member : roster.members()) {
            if (SeedParticipant.is(member.getParticipant())) {
                return true;
            }
        }
        return false;
    }

    private static String name(SpeakerStream stream, Roster roster) {
        for (MemberState member : roster.members()) {
            if (member.getConnection().equals(stream.connection)) {
                return member.getName();
            }
        }
        return "";
    }
}
