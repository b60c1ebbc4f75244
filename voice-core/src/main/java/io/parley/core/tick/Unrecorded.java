package io.parley.core.tick;

import com.google.protobuf.UnsafeByteOperations;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.Tick;

/**
 * A tick as the log keeps it where the room is not recorded: the digests of its frames stand for them, so that its hash
 * is as before and nothing of what was said can be heard.
 */
public final class Unrecorded {

    private Unrecorded() {}

    public static Tick of(Tick tick) {
        TickHash hasher = new TickHash();
        byte[] frames = tick.getFrames().toByteArray();
        LiveFrames.Reader reader = new LiveFrames.Reader(frames);
        LiveFrames.Writer digests = new LiveFrames.Writer();
        while (reader.next()) {
            byte[] digest = hasher.frameDigest(
                    reader.stream(), reader.sequence(), reader.level(), frames, reader.offset(), reader.length());
            digests.add(reader.stream(), reader.sequence(), reader.level(), digest, 0, digest.length);
        }
        Tick.Builder kept = tick.toBuilder().clearFrames().setDigests(UnsafeByteOperations.unsafeWrap(digests.take()));
        if (tick.getLogOnly().getFramesCount() > 0) {
            kept.getLogOnlyBuilder().getFramesBuilderList().forEach(LogFrame.Builder::clearPayload);
        }
        return kept.build();
    }
}
