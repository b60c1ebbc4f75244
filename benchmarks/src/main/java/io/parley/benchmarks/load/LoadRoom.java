package io.parley.benchmarks.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.benchmarks.load.TalkPattern.Spurt;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The people of one room. All of it runs on one event loop, but for {@link #connect} and what reads the end's sums. */
final class LoadRoom {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int JOIN_SECONDS = 120;
    private static final int JOIN_AGAIN_MS = 1_000;

    private final String name;
    private final LoadSettings settings;
    private final RunMeters meters;
    private final Vertx vertx;
    private final Context context;
    private final List<SpeechPlan> plans = new ArrayList<>();
    private final List<Person> people = new ArrayList<>();
    private final Map<String, Integer> speakerOf = new HashMap<>();
    private final Map<String, Integer> streams = new HashMap<>();
    // All people of a room get the same text, mostly one after the other.
    private String lastText = "";
    private TickMessage lastTick;
    private RunClock clock;

    LoadRoom(int number, String name, LoadSettings settings, RunMeters meters, Vertx vertx, Context context) {
        this.name = name;
        this.settings = settings;
        this.meters = meters;
        this.vertx = vertx;
        this.context = context;
        SplittableRandom random = new SplittableRandom(settings.seed() + number * 0x9E3779B97F4A7C15L);
        for (List<Spurt> spurts : settings.pattern().draw(settings, random)) {
            plans.add(SpeechPlan.of(spurts, settings));
        }
    }

    /** Connects and joins the room's next person. Completes when it is in the room. */
    Future<Void> connect(WebSocketClient client, Target target, String token) {
        Promise<Void> joined = Promise.promise();
        context.runOnContext(ignored -> {
            int index = people.size();
            Person person = new Person(index < plans.size() ? index : -1);
            people.add(person);
            open(client, target, token, person, joined);
            vertx.setTimer(
                    TimeUnit.SECONDS.toMillis(JOIN_SECONDS),
                    timer -> joined.tryFail("a person was not in " + name + " after " + JOIN_SECONDS + " s"));
        });
        return joined.future();
    }

    /** Tries again as long as the join may take: a gateway that is busy refuses upgrades with 429 or 503. */
    private void open(WebSocketClient client, Target target, String token, Person person, Promise<Void> joined) {
        client.connect(new WebSocketConnectOptions()
                        .setAbsoluteURI(target.url().toString())
                        .addHeader("x-api-key", target.apiKey())
                        .addHeader("Authorization", "Bearer " + token)
                        .setAllowOriginHeader(false)
                        .addSubProtocol("parley.v1"))
                .onSuccess(socket -> person.join(socket, () -> target.ticket(token, name), joined))
                .onFailure(failure -> {
                    if (failure instanceof UpgradeRejectedException refused
                            && (refused.getStatus() == 429 || refused.getStatus() >= 500)) {
                        vertx.setTimer(JOIN_AGAIN_MS, timer -> open(client, target, token, person, joined));
                    } else {
                        joined.tryFail(failure);
                    }
                });
    }

    /** From the clock's beginning on, speakers say what they have planned. */
    void begin(RunClock runClock) {
        context.runOnContext(ignored -> {
            clock = runClock;
            people.forEach(Person::speakOn);
        });
    }

    Future<Void> leave() {
        Promise<Void> left = Promise.promise();
        context.runOnContext(ignored -> {
            people.forEach(Person::close);
            left.complete();
        });
        return left.future();
    }

    /** What all people of the room heard; once nothing comes any more. */
    Future<List<Hearing>> hearings() {
        Promise<List<Hearing>> all = Promise.promise();
        context.runOnContext(ignored -> {
            List<Hearing> hearings = new ArrayList<>();
            people.forEach(person -> hearings.addAll(person.hearings.values()));
            all.complete(hearings);
        });
        return all.future();
    }

    List<SpeechPlan> plans() {
        return plans;
    }

    private TickMessage tick(String text, JsonNode message) {
        TickMessage tick = TickMessage.read(message, speakerOf, streams);
        lastText = text;
        lastTick = tick;
        return tick;
    }

    private final class Person {

        /** Index among the room's speakers; -1 for who only listens. */
        private final int speaker;

        private final Map<Integer, Hearing> hearings = new HashMap<>();
        private WebSocket socket;
        private Supplier<String> tickets;
        private Promise<Void> joined;
        private int next;
        private boolean leaving;

        Person(int speaker) {
            this.speaker = speaker;
            for (int other = 0; other < plans.size(); other++) {
                if (other != speaker) {
                    hearings.put(other, new Hearing(plans.get(other), settings));
                }
            }
        }

        void join(WebSocket opened, Supplier<String> newTickets, Promise<Void> whenJoined) {
            socket = opened;
            tickets = newTickets;
            joined = whenJoined;
            socket.textMessageHandler(this::take);
            // What breaks is closed, and counted there.
            socket.exceptionHandler(ignored -> {});
            socket.closeHandler(ignored -> {
                if (!leaving) {
                    meters.closed.increment();
                    joined.tryFail("the connection was closed with " + socket.closeStatusCode());
                }
            });
            askToJoin();
        }

        private void askToJoin() {
            String ticket = tickets.get();
            socket.writeTextMessage("{\"action\":\"join\",\"room\":\"" + name + "\",\"name\":\"load\",\"id\":\"j\""
                    + (ticket == null ? "}" : ",\"ticket\":\"" + ticket + "\"}"));
        }

        void close() {
            leaving = true;
            if (socket != null) {
                socket.close();
            }
        }

        private void take(String text) {
            long nowUs = clock == null ? Long.MIN_VALUE : clock.nowUs();
            if (text.equals(lastText)) {
                hear(lastTick, nowUs);
                return;
            }
            JsonNode message;
            try {
                message = JSON.readTree(text);
            } catch (JsonProcessingException e) {
                meters.error("not JSON");
                return;
            }
            switch (message.path("action").asText()) {
                case "tick" -> hear(tick(text, message), nowUs);
                case "joined" -> {
                    if (speaker >= 0) {
                        speakerOf.put(message.path("participant").asText(), speaker);
                    }
                    joined.tryComplete();
                }
                case "error" -> {
                    String code = message.path("code").asText();
                    if (joined.future().isComplete()) {
                        meters.error(code);
                    } else if (message.path("retry").asText().equals("later")) {
                        vertx.setTimer(JOIN_AGAIN_MS, timer -> askToJoin());
                    } else {
                        joined.tryFail("refused with " + code + ": "
                                + message.path("text").asText());
                    }
                }
                case "removed", "bye" ->
                    meters.error(message.path("action").asText()
                            + ' '
                            + message.path("reason").asText());
                case "" -> {
                    if (joined.future().isComplete()) {
                        meters.error("gateway: " + message.path("message").asText());
                    } else {
                        vertx.setTimer(JOIN_AGAIN_MS, timer -> askToJoin());
                    }
                }
                default -> {}
            }
        }

        private void hear(TickMessage tick, long nowUs) {
            if (clock == null) {
                return;
            }
            if (nowUs >= settings.warmUpSeconds() * 1_000_000L && nowUs < settings.wholeMs() * 1000) {
                meters.posts.increment();
                if (speaker < 0) {
                    meters.postsToListeners.increment();
                }
            }
            int[] frames = tick.frames();
            int[] speakers = tick.speakers();
            for (int i = 0; i < frames.length; i++) {
                Hearing hearing = hearings.get(speakers[i]);
                if (hearing == null) {
                    continue;
                }
                long before = hearing.delivered();
                int chunk = hearing.hear(frames[i], nowUs);
                meters.delivered.add(hearing.delivered() - before);
                if (chunk >= 0) {
                    RunMeters.record(
                            meters.wholeWay,
                            nowUs - plans.get(speakers[i]).chunk(chunk).dueUs());
                }
            }
            tick.lost().forEach(lost -> {
                Hearing hearing = hearings.get(lost.speaker());
                if (hearing != null) {
                    hearing.declareLost(lost.firstFrame(), lost.count());
                }
            });
            tick.traces().forEach(trace -> trace(trace, nowUs));
        }

        private void trace(TickMessage.Trace trace, long nowUs) {
            SpeechPlan plan = plans.get(trace.speaker());
            if (trace.speaker() == speaker || trace.frame() < 0 || trace.frame() >= plan.frames()) {
                return;
            }
            int chunk = plan.chunkOf(trace.frame());
            if (plan.isMeasured(chunk)) {
                meters.hops.add(clock.epochUs(plan.chunk(chunk).dueUs()), trace.at(), clock.epochUs(nowUs));
            }
        }

        /** Sends what is due, however late, and comes back when the next chunk is. */
        void speakOn() {
            if (speaker < 0 || leaving) {
                return;
            }
            SpeechPlan plan = plans.get(speaker);
            while (next < plan.chunks()) {
                SpeechPlan.Chunk chunk = plan.chunk(next);
                long waitUs = chunk.dueUs() - clock.nowUs();
                if (waitUs > 0) {
                    // Whole milliseconds, rounded up: never before its time.
                    vertx.setTimer((waitUs + 999) / 1000, timer -> speakOn());
                    return;
                }
                boolean traced = next % settings.traceEvery() == 0;
                long captureMs = clock.epochUs(chunk.dueUs()) / 1000 - (long) chunk.frames() * settings.frameMs();
                socket.writeTextMessage(AudioMessage.text(name, chunk, settings, traced, captureMs));
                meters.chunksSent.increment();
                if (plan.isMeasured(next)) {
                    RunMeters.record(meters.lag, -waitUs);
                }
                next++;
            }
        }
    }
}
