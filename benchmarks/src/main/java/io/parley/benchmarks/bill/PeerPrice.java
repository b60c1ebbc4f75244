package io.parley.benchmarks.bill;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a voice service charges for a participant by its list price, before any free tier.
 *
 * @param date when the source was read, as year and month
 */
public record PeerPrice(String name, double usdAMinute, double usdAGb, String date, String source) {

    private static final String FILE = "peers.csv";
    /** Of a packet, by IP, UDP and RTP. */
    private static final int PACKET_OVERHEAD_BYTES = 40;

    /** Those of the file beside this class. */
    public static List<PeerPrice> load() {
        return new BufferedReader(
                        new InputStreamReader(PeerPrice.class.getResourceAsStream(FILE), StandardCharsets.UTF_8))
                .lines()
                .skip(1)
                .map(PeerPrice::read)
                .toList();
    }

    private static PeerPrice read(String line) {
        String[] fields = line.split(",", -1);
        if (fields.length != 5) {
            throw new IllegalArgumentException("no price of a peer: " + line);
        }
        return new PeerPrice(
                fields[0], Double.parseDouble(fields[1]), Double.parseDouble(fields[2]), fields[3], fields[4]);
    }

    /** With so many others speaking all the time, in frames of 20 ms of 24 kbit/s, as {@link Talk} has it. */
    public double usdAParticipantHour(double speakersHeard) {
        double packets = speakersHeard * 3600 * 1000 / Talk.FRAME_MS;
        return usdAMinute * 60 + usdAGb * packets * (Talk.FRAME_BYTES + PACKET_OVERHEAD_BYTES) / 1e9;
    }
}
