package io.parley.local.conformance;

import static io.parley.local.conformance.NotConformant.expect;
import static io.parley.local.conformance.NotConformant.unless;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The way of frames from one who speaks to those who hear. */
final class SpeechBehaviours {

    private static final String TOPIC = "Speech";
    private static final int SILENCE_MS = 1_500;

    private SpeechBehaviours() {}

    static List<Behaviour> all() {
        return List.of(
                of("frames come to the others bit for bit, once and in order", d -> {
                    String room = d.newRoom();
                    try (Peer speaker = d.joined(0, room);
                            Peer first = d.joined(1, room);
                            Peer second = d.joined(2, room)) {
                        sayTen(speaker, room);
                        for (Peer listener : List.of(first, second)) {
                            listener.awaitTicks(
                                    room,
                                    "all frames",
                                    ticks -> Speech.heard(ticks).size() >= 50);
                            expect(numbers(0, 50), Speech.heard(listener.ticks(room)), "what was heard");
                        }
                    }
                }),
                of("a stream is declared before its first frame, and its speaker speaks and stops", d -> {
                    String room = d.newRoom();
                    try (Peer speaker = d.joined(0, room);
                            Peer listener = d.joined(1, room)) {
                        Speech.say(speaker, room, 0, 0, true);
                        JsonNode stream = listener.awaitEvent(room, "stream", RoomBehaviours.is(d, 0));
                        expect("opus", stream.path("codec").asText(), "the codec");
                        expect(20_000, stream.path("frameUs").asInt(), "the frame's duration");
                        listener.awaitEvent(room, "speaking", RoomBehaviours.is(d, 0));
                        listener.awaitEvent(room, "stopped", RoomBehaviours.is(d, 0));
                    }
                }),
                of("chunks that overtake each other are put in order", d -> {
                    String room = d.newRoom();
                    try (Peer speaker = d.joined(0, room);
                            Peer listener = d.joined(1, room)) {
                        Speech.say(speaker, room, 0, 0, false);
                        listener.awaitTicks(
                                room,
                                "the first frames",
                                ticks -> !Speech.heard(ticks).isEmpty());
                        Speech.say(speaker, room, 10, 10, true);
                        Speech.say(speaker, room, 5, 5, false);
                        listener.awaitTicks(
                                room, "all frames", ticks -> Speech.heard(ticks).size() >= 15);
                        expect(numbers(0, 15), Speech.heard(listener.ticks(room)), "what was heard");
                    }
                }),
                of("what never comes is declared lost", d -> {
                    String room = d.newRoom();
                    try (Peer speaker = d.joined(0, room);
                            Peer listener = d.joined(1, room)) {
                        Speech.say(speaker, room, 0, 0, false);
                        Speech.say(speaker, room, 10, 10, true);
                        JsonNode lost = listener.awaitEvent(room, "lost", event -> true);
                        expect(5L, lost.path("seq").asLong(), "the first lost frame");
                        expect(5, lost.path("count").asInt(), "how many are lost");
                    }
                }),
                of("a chunk that comes twice is heard once", d -> {
                    String room = d.newRoom();
                    try (Peer speaker = d.joined(0, room);
                            Peer listener = d.joined(1, room)) {
                        String chunk = Speech.chunk(0, 0, false);
                        speaker.send("sendaudio", "room", room, "chunk", chunk);
                        speaker.send("audio", "room", room, "chunk", chunk);
                        Speech.say(speaker, room, 5, 5, true);
                        listener.awaitTicks(
                                room,
                                "the last frame",
                                ticks -> Speech.heard(ticks).contains(9));
                        expect(numbers(0, 10), Speech.heard(listener.ticks(room)), "what was heard");
                    }
                }),
                of("numbers go on over the wrap of 32 bits", d -> {
                    String room = d.newRoom();
                    try (Peer speaker = d.joined(0, room);
                            Peer listener = d.joined(1, room)) {
                        Speech.say(speaker, room, -5, 0, false);
                        Speech.say(speaker, room, 0, 5, true);
                        listener.awaitTicks(
                                room, "all frames", ticks -> Speech.heard(ticks).size() >= 10);
                        expect(numbers(-5, 5), Speech.heard(listener.ticks(room)), "what was heard");
                    }
                }),
                of("who has not joined is not heard", d -> {
                    String room = d.newRoom();
                    try (Peer speaker = d.connect(0);
                            Peer listener = d.joined(1, room)) {
                        Speech.say(speaker, room, 0, 0, true);
                        speaker.awaitError("not_joined");
                        expect(0, Speech.heard(listener.ticks(room)).size(), "the frames heard");
                    }
                }),
                of("a chunk that is not one is refused, and the next is heard", d -> {
                    String room = d.newRoom();
                    try (Peer speaker = d.joined(0, room);
                            Peer listener = d.joined(1, room)) {
                        speaker.send("sendaudio", "room", room, "chunk", "AQAAAQ==");
                        speaker.awaitError("chunk_truncated");
                        Speech.say(speaker, room, 0, 0, true);
                        listener.awaitTicks(
                                room, "the frames", ticks -> Speech.heard(ticks).size() == 5);
                    }
                }),
                of("in silence nothing is sent", d -> {
                    String room = d.newRoom();
                    try (Peer speaker = d.joined(0, room);
                            Peer listener = d.joined(1, room)) {
                        Speech.say(speaker, room, 0, 0, true);
                        listener.awaitEvent(room, "stopped", RoomBehaviours.is(d, 0));
                        int before = listener.ticks(room).size();
                        unless(
                                !listener.becomes(() -> listener.ticks(room).size() != before, SILENCE_MS),
                                "a tick came after silence had begun");
                    }
                }),
                of("a traced chunk comes with the time at each of seven hops", d -> {
                    String room = d.newRoom();
                    try (Peer speaker = d.joined(0, room);
                            Peer listener = d.joined(1, room)) {
                        speaker.send("sendaudio", "room", room, "chunk", Speech.traced(0));
                        listener.awaitTicks(
                                room, "a trace", ticks -> ticks.stream().anyMatch(tick -> tick.has("traces")));
                        JsonNode trace = listener.ticks(room).stream()
                                .filter(tick -> tick.has("traces"))
                                .findFirst()
                                .orElseThrow()
                                .path("traces")
                                .path(0);
                        unless(trace.path("at").size() == 7, "the trace is %s", trace);
                    }
                }));
    }

    private static void sayTen(Peer speaker, String room) throws Exception {
        for (int i = 0; i < 10; i++) {
            int at = i * Speech.FRAMES;
            Speech.say(speaker, room, at, at, i == 9);
        }
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().collect(Collectors.toList());
    }

    private static Behaviour of(String name, Behaviour.Check check) {
        return Behaviour.of(TOPIC, name, check);
    }
}
