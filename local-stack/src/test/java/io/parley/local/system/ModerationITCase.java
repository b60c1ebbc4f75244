package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.NewTicket.Grant;
import io.parley.local.stack.StackOptions;
import io.parley.local.system.RecordedTicks.TickId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Nobody hears or says what they may not, whoever decides it at the same time and whatever is on its way. */
class ModerationITCase {

    private static final int BURSTS = 20;
    private static final int FRAME_MS = 20;
    private static final TickId NONE = new TickId(0, 0);

    /** What moderators do, as often as it stands here; what ends something more often than what begins it. */
    private static final List<String> DEEDS = List.of(
            "mute",
            "mute",
            "unmute",
            "unmute",
            "unmute",
            "kick",
            "kick",
            "ban",
            "unban",
            "unban",
            "unban",
            "lock",
            "unlock",
            "unlock",
            "unlock",
            "muteroom",
            "unmuteroom",
            "unmuteroom",
            "unmuteroom");

    private static final Set<String> ABOUT_SOMEBODY = Set.of("mute", "unmute", "kick", "ban", "unban");

    private static LocalStack stack;
    private static ExecutorService threads;

    @BeforeAll
    static void start() throws Exception {
        stack = LocalStack.start(StackOptions.onFreePorts()
                .withFunctionSettings(Map.of("ROOM_POLICY", "ticket"))
                .withRoomSettings(Map.of("room.playout-deadline-ms", "30000")));
        threads = Executors.newCachedThreadPool();
    }

    @AfterAll
    static void stop() {
        threads.shutdownNow();
        stack.close();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void twoModeratorsAtOnceAreObeyedToTheTickAndTableAndJobAgree(long seed) throws Exception {
        String room = "round-" + seed;
        String talker = stack.participant("talker");
        AtomicBoolean comesBack = new AtomicBoolean();
        AtomicBoolean over = new AtomicBoolean();
        Map<String, TickId> asked = new ConcurrentHashMap<>();
        try (RawClient first = connect("first");
                RawClient second = connect("second");
                RawClient ann = connect("ann");
                RawClient mark = connect("mark");
                RawClient bob = connect("bob");
                RawClient talking = connect("talker")) {
            join(first, "first", room, Grant.LISTEN);
            JsonNode from = join(second, "second", room, Grant.LISTEN);
            join(ann, "ann", room, Grant.LISTEN, Grant.MODERATE);
            join(mark, "mark", room, Grant.LISTEN, Grant.MODERATE);
            join(bob, "bob", room, Grant.PUBLISH);
            join(talking, "talker", room, Grant.PUBLISH, Grant.LISTEN);
            Random random = new Random(seed);
            Future<Integer> chat = threads.submit(() -> talk(bob, room, new Random(seed + 300), over, () -> {}));
            Future<Integer> said = threads.submit(() -> talk(talking, room, random, over, () -> {
                if (comesBack.get() && random.nextInt(4) == 0) {
                    String id = "j" + asked.size();
                    asked.put(id, lastOf(RecordedTicks.of(second, room).all()));
                    talking.sendAction("join", "room", room, "id", id, "ticket", ticket("talker", room));
                }
            }));
            awaitVoice(second, room, "talker");
            for (String deed : List.of("mute", "unmute", "kick")) {
                ann.sendAction(deed, "room", room, "participant", talker);
                ann.awaitAction("accepted");
            }
            awaitMoreTicksAfterItLeft(second, room);
            comesBack.set(true);
            Future<Void> moderated = threads.submit(moderate(ann, room, new Random(seed + 100)));
            moderate(mark, room, new Random(seed + 200)).call();
            moderated.get(60, TimeUnit.SECONDS);
            over.set(true);
            int frames = said.get(60, TimeUnit.SECONDS);
            chat.get(60, TimeUnit.SECONDS);
            settle(room, ann, first, second);

            Map<TickId, JsonNode> ticks = RecordedTicks.of(second, room).after(RecordedTicks.id(from));
            assertThat(RecordedTicks.of(first, room).after(RecordedTicks.id(from)))
                    .as("both listeners got the same")
                    .isEqualTo(ticks);
            assertThat(ticks.keySet().stream().map(TickId::epoch).distinct()).hasSize(1);
            assertThat(ticks).as("and all of it").hasSize((int)
                    (lastOf(ticks).tick() - from.path("tick").asLong()));
            assertThatNobodyIsHeardWhoMayNot(ticks, talker, frames);
            assertThatNobodyHearsWhoIsOut(ticks, talking, room, talker, asked);
            assertThatTableAndJobAgree(room, talker, talking);
        }
    }

    private interface Aside {
        void run() throws Exception;
    }

    /** Talks without a pause, whether it may or not; gives how many frames it has sent. */
    private static int talk(RawClient client, String room, Random random, AtomicBoolean over, Aside beforeEach)
            throws Exception {
        int sequence = 0;
        while (!over.get()) {
            beforeEach.run();
            int frames = 1 + random.nextInt(5);
            client.sendAction("sendaudio", "room", room, "chunk", chunk(sequence, frames));
            sequence += frames;
            // The pace of speech.
            TimeUnit.MILLISECONDS.sleep((long) frames * FRAME_MS);
        }
        return sequence;
    }

    /** Sends up to three things at once, which may overtake each other, and waits until all are done. */
    private static Callable<Void> moderate(RawClient client, String room, Random random) {
        return () -> {
            int n = 0;
            for (int burst = 0; burst < BURSTS; burst++) {
                int until = n + 1 + random.nextInt(3);
                int since = n;
                while (n < until) {
                    String deed = DEEDS.get(random.nextInt(DEEDS.size()));
                    List<Object> fields = new ArrayList<>(List.of("room", room, "id", "m" + n));
                    if (ABOUT_SOMEBODY.contains(deed)) {
                        fields.addAll(List.of("participant", stack.participant("talker")));
                    }
                    if (deed.endsWith("mute")) {
                        fields.addAll(List.of("n", n));
                    }
                    client.sendAction(deed, fields.toArray());
                    n++;
                }
                for (int i = since; i < until; i++) {
                    String id = "m" + i;
                    JsonNode answer =
                            client.await(message -> message.path("id").asText().equals(id));
                    assertThat(answer.path("action").asText())
                            .as(answer.toString())
                            .isEqualTo("accepted");
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
            }
            return null;
        };
    }

    /** Returns when all that was decided is in ticks that both listeners have: texts are ordered with it. */
    private static void settle(String room, RawClient moderator, RawClient... listeners) throws Exception {
        moderator.sendAction("say", "room", room, "text", "over");
        for (RawClient listener : listeners) {
            Eventually.until(
                    "the last text is there",
                    () -> listener.has(
                            message -> message.path("ticks").toString().contains("\"over\"")));
        }
    }

    private static TickId lastOf(Map<TickId, JsonNode> ticks) {
        return ticks.keySet().stream().max(TickId::compareTo).orElse(NONE);
    }

    /** A tick may have frames of whoever might speak at any moment of it. */
    private static void assertThatNobodyIsHeardWhoMayNot(Map<TickId, JsonNode> ticks, String talker, int said)
            throws Exception {
        Map<TickId, Integer> frames = RecordedTicks.frames(ticks, talker);
        boolean in = false;
        boolean muted = false;
        boolean roomMuted = false;
        Set<TickId> wrong = new HashSet<>();
        for (Map.Entry<TickId, JsonNode> tick : ticks.entrySet()) {
            boolean may = in && !muted && !roomMuted;
            for (JsonNode event : tick.getValue().path("events")) {
                boolean about = event.path("participant").asText().equals(talker);
                String kind = event.path("kind").asText();
                switch (kind) {
                    case "joined" -> in |= about;
                    case "left" -> {
                        in &= !about;
                        muted &= !about;
                    }
                    case "muted" -> muted |= about;
                    case "unmuted" -> muted &= !about;
                    case "settings" -> roomMuted = event.path("muted").asBoolean();
                    default -> {}
                }
                // Who comes in muted is said to be so right after.
                may |= in && !muted && !roomMuted && !kind.equals("joined");
            }
            if (!may && frames.containsKey(tick.getKey())) {
                wrong.add(tick.getKey());
            }
        }
        assertThat(wrong).as("ticks with the voice of who may not speak").isEmpty();
        assertThat(frames.values().stream().mapToInt(i -> i).sum())
                .as("frames heard")
                .isPositive()
                .isLessThan(said);
    }

    /**
     * After the tick that takes it out, the talker gets none that others had got before it asked to come in again. From
     * then on one may come before its {@code joined}: the table may let it in ahead of the job.
     */
    private static void assertThatNobodyHearsWhoIsOut(
            Map<TickId, JsonNode> ticks, RawClient talking, String room, String talker, Map<String, TickId> asked) {
        Set<TickId> got = RecordedTicks.of(talking, room).all().keySet();
        Map<TickId, TickId> askedBefore = askedBefore(talking, asked);
        List<TickId> out = new ArrayList<>();
        List<TickId> forbidden = new ArrayList<>();
        boolean in = false;
        for (Map.Entry<TickId, JsonNode> tick : ticks.entrySet()) {
            TickId id = tick.getKey();
            for (JsonNode event : tick.getValue().path("events")) {
                if (event.path("participant").asText().equals(talker)) {
                    String kind = event.path("kind").asText();
                    if (kind.equals("joined")) {
                        TickId last = askedBefore.getOrDefault(id, NONE);
                        out.stream().filter(t -> t.compareTo(last) <= 0).forEach(forbidden::add);
                        out.clear();
                    }
                    in = kind.equals("joined") || in && !kind.equals("left");
                }
            }
            if (!in) {
                out.add(id);
            }
        }
        forbidden.addAll(out);
        assertThat(forbidden).as("ticks made while it was out").isNotEmpty();
        assertThat(got).as("ticks posted to who was in").isNotEmpty();
        assertThat(got).as("ticks posted to who was out").doesNotContainAnyElementsOf(forbidden);
    }

    /** By the tick that orders a join, the last tick that a listener had when that join was sent. */
    private static Map<TickId, TickId> askedBefore(RawClient talking, Map<String, TickId> asked) {
        Map<String, TickId> byRequest = new HashMap<>();
        Map<TickId, TickId> byTick = new HashMap<>();
        for (JsonNode message : talking.received()) {
            if (message.path("for").asText().equals("join")
                    && asked.containsKey(message.path("id").asText())) {
                byRequest.put(
                        message.path("requestId").asText(),
                        asked.get(message.path("id").asText()));
            }
        }
        for (JsonNode message : talking.received()) {
            TickId last = byRequest.get(message.path("requestId").asText());
            if (message.path("action").asText().equals("joined") && last != null) {
                byTick.merge(RecordedTicks.id(message), last, (a, b) -> a.compareTo(b) < 0 ? a : b);
            }
        }
        return byTick;
    }

    private static void assertThatTableAndJobAgree(String room, String talker, RawClient talking) throws Exception {
        try (RawClient fresh = connect("fresh")) {
            JsonNode joined = join(fresh, "fresh", room, Grant.LISTEN, Grant.MODERATE);
            Map<String, Map<String, AttributeValue>> table = Table.room(stack, room);

            Set<String> members = new TreeSet<>();
            table.keySet().stream()
                    .filter(key -> key.startsWith("MEMBER#"))
                    .forEach(
                            key -> members.add(table.get(key).get("participant").s()));
            Set<String> told = new TreeSet<>();
            joined.path("members")
                    .forEach(member -> told.add(member.path("participant").asText()));
            assertThat(told).as("members").isEqualTo(members);
            assertThat(joined.path("locked").asBoolean()).as("locked").isEqualTo(is(table.get("META"), "locked"));
            assertThat(joined.path("roomMuted").asBoolean())
                    .as("room muted")
                    .isEqualTo(is(table.get("META"), "roomMuted"));

            boolean muted = is(table.getOrDefault("STANDING#" + talker, Map.of()), "muted");
            joined.path("members").forEach(member -> {
                if (member.path("participant").asText().equals(talker)) {
                    assertThat(member.path("muted").asBoolean()).as("muted").isEqualTo(muted);
                }
            });
            if (members.contains(talker)) {
                talking.sendAction("renew", "room", room, "id", "renewal", "ticket", ticket("talker", room));
                String request = talking.await(
                                message -> message.path("id").asText().equals("renewal"))
                        .path("requestId")
                        .asText();
                JsonNode own =
                        talking.await(message -> message.path("action").asText().equals("joined")
                                && message.path("requestId").asText().equals(request));
                assertThat(own.path("permissions").path("speak").asBoolean())
                        .as("may speak")
                        .isEqualTo(!muted && !is(table.get("META"), "roomMuted"));
                assertThat(own.path("permissions").path("listen").asBoolean()).isTrue();
            }
        }
    }

    private static boolean is(Map<String, AttributeValue> item, String flag) {
        return item.containsKey(flag) && item.get(flag).bool();
    }

    @Test
    void aCapturedChunkIsTheVoiceOfWhoSendsItWhateverNameItBears() throws Exception {
        String room = "captured";
        try (RawClient ann = connect("ann");
                RawClient eve = connect("eve");
                RawClient listener = connect("first")) {
            join(listener, "first", room, Grant.LISTEN);
            join(ann, "ann", room, Grant.PUBLISH, Grant.LISTEN);
            join(eve, "eve", room, Grant.PUBLISH, Grant.LISTEN);
            String captured = chunk(0, 5);
            ann.sendAction("sendaudio", "room", room, "chunk", captured);
            awaitVoice(listener, room, "ann");
            eve.sendAction(
                    "sendaudio",
                    "room",
                    room,
                    "chunk",
                    captured,
                    "participant",
                    stack.participant("ann"),
                    "connection",
                    connectionOf(ann));

            awaitVoice(listener, room, "eve");
            Map<TickId, JsonNode> ticks = RecordedTicks.of(listener, room).all();
            for (String speaker : List.of("ann", "eve")) {
                assertThat(RecordedTicks.frames(ticks, stack.participant(speaker)).values().stream()
                                .mapToInt(i -> i)
                                .sum())
                        .as("frames of %s", speaker)
                        .isEqualTo(5);
            }
        }
    }

    @Test
    void nobodyTakesThePlaceOfAnothersConnectionNotEvenWithItsSecret() throws Exception {
        String room = "replaced";
        try (RawClient ann = connect("ann");
                RawClient eve = connect("eve")) {
            JsonNode accepted = accepted(ann, "ann", room, Grant.PUBLISH, Grant.LISTEN);
            String connection = accepted.path("connection").asText();
            eve.sendAction(
                    "join",
                    "room",
                    room,
                    "replaces",
                    connection,
                    "resume",
                    accepted.path("resume").asText());

            assertThat(eve.awaitAction("error").path("code").asText()).isEqualTo("not_joined");
            assertThat(Table.room(stack, room).keySet())
                    .contains("MEMBER#" + stack.participant("ann") + "#" + connection)
                    .noneMatch(key -> key.contains(stack.participant("eve")));
        }
    }

    @Test
    void nobodyHearsOrSpeaksInARoomThatItNeverJoined() throws Exception {
        String room = "private";
        try (RawClient ann = connect("ann");
                RawClient eve = connect("eve");
                RawClient listener = connect("first")) {
            join(eve, "eve", "elsewhere", Grant.PUBLISH, Grant.LISTEN);
            join(listener, "first", room, Grant.LISTEN);
            join(ann, "ann", room, Grant.PUBLISH, Grant.LISTEN);
            eve.sendAction("sendaudio", "room", room, "chunk", chunk(0, 5));
            assertThat(eve.awaitAction("error").path("code").asText()).isEqualTo("not_joined");
            for (String action : List.of("undeafen", "leave", "unmute")) {
                eve.sendAction(action, "room", room, "participant", stack.participant("eve"));
            }
            ann.sendAction("sendaudio", "room", room, "chunk", chunk(0, 5));

            awaitVoice(listener, room, "ann");
            connectionOf(eve);
            assertThat(RecordedTicks.of(eve, room).all()).isEmpty();
            assertThat(RecordedTicks.of(listener, room).all().values().toString())
                    .doesNotContain(stack.participant("eve"));
        }
    }

    @Test
    void whoDoesNotModerateDecidesNothingForOthers() throws Exception {
        String room = "unmoderated";
        try (RawClient ann = connect("ann")) {
            join(ann, "ann", room, Grant.PUBLISH, Grant.LISTEN);
            Map<String, Map<String, AttributeValue>> before = Table.room(stack, room);
            for (String deed : new TreeSet<>(DEEDS)) {
                // A connection is told of one error a second, so each of them has one of its own.
                try (RawClient eve = connect("eve-" + deed)) {
                    accepted(eve, "eve-" + deed, room, Grant.PUBLISH, Grant.LISTEN);
                    eve.sendAction(deed, "room", room, "participant", stack.participant("ann"));
                    assertThat(eve.awaitAction("error").path("code").asText())
                            .as(deed)
                            .isEqualTo("not_allowed");
                }
            }
            Map<String, Map<String, AttributeValue>> after = Table.room(stack, room);
            assertThat(after.keySet()).containsAll(before.keySet()).noneMatch(key -> key.matches("(STANDING|BAN)#.*"));
            assertThat(is(after.get("META"), "locked") || is(after.get("META"), "roomMuted"))
                    .isFalse();
        }
    }

    private static void awaitMoreTicksAfterItLeft(RawClient listener, String room) throws Exception {
        Eventually.until("ticks after it left", () -> {
            List<JsonNode> ticks =
                    List.copyOf(RecordedTicks.of(listener, room).all().values());
            int left = 0;
            while (left < ticks.size()
                    && !ticks.get(left).path("events").findValuesAsText("kind").contains("left")) {
                left++;
            }
            return left + 2 < ticks.size();
        });
    }

    private static void awaitVoice(RawClient listener, String room, String speaker) throws Exception {
        Eventually.until(
                "%s is heard".formatted(speaker),
                () -> !RecordedTicks.frames(RecordedTicks.of(listener, room).all(), stack.participant(speaker))
                        .isEmpty());
    }

    private static String connectionOf(RawClient client) throws Exception {
        client.send("{\"action\":\"ping\"}");
        return client.awaitAction("pong").path("data").path("connectionId").asText();
    }

    private static RawClient connect(String user) throws Exception {
        return RawClient.connect(stack.credentials(), stack.token(user));
    }

    private static JsonNode accepted(RawClient client, String user, String room, Grant... grants) throws Exception {
        client.sendAction("join", "room", room, "ticket", stack.ticket(user, room, grants));
        return client.awaitAction("accepted");
    }

    private static JsonNode join(RawClient client, String user, String room, Grant... grants) throws Exception {
        accepted(client, user, room, grants);
        return client.awaitAction("joined");
    }

    private static String ticket(String user, String room) {
        return stack.ticket(user, room, Grant.PUBLISH, Grant.LISTEN);
    }

    private static String chunk(int sequence, int frames) {
        ChunkBuilder chunk = new ChunkBuilder(Codec.OPUS, FRAME_MS * 1_000, sequence, sequence, 0);
        for (int f = 0; f < frames; f++) {
            chunk.frame(30, Ear.payload("talker", sequence + f));
        }
        return Base64.getEncoder().encodeToString(chunk.build());
    }
}
