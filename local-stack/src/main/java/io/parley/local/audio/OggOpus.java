package io.parley.local.audio;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.gagravarr.ogg.OggFile;
import org.gagravarr.opus.OpusAudioData;
import org.gagravarr.opus.OpusFile;
import org.gagravarr.opus.OpusInfo;
import org.gagravarr.opus.OpusTags;

/** Ogg Opus files (RFC 7845) of mono speech. */
public final class OggOpus {

    /** Samples of encoder delay that a player skips: what libopus and its port add at 48 kHz. */
    private static final int PRE_SKIP = 312;

    private OggOpus() {}

    /** All packets of the file, in order. */
    public static List<byte[]> read(InputStream in) throws IOException {
        List<byte[]> packets = new ArrayList<>();
        try (OpusFile file = new OpusFile(new OggFile(in))) {
            OpusAudioData packet;
            while ((packet = file.getNextAudioPacket()) != null) {
                packets.add(packet.getData());
            }
        }
        return packets;
    }

    /** Writes packets of 20 ms as they come. Not thread safe. */
    public static final class Writer implements AutoCloseable {

        private final OpusFile file;
        private long granule;

        public Writer(OutputStream out) {
            OpusInfo info = new OpusInfo();
            info.setNumChannels(1);
            info.setSampleRate(Pcm.RATE);
            info.setPreSkip(PRE_SKIP);
            OpusTags tags = new OpusTags();
            tags.setVendor("Parley");
            file = new OpusFile(out, info, tags);
        }

        public void write(byte[] packet) {
            granule += Pcm.FRAME;
            OpusAudioData data = new OpusAudioData(packet);
            data.setGranulePosition(granule);
            file.writeAudioData(data);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
