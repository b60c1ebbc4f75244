package io.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whatever a server says: the client goes on, at no speed but its own. */
class HostileServerTest {

    private static final String HUGE = "9".repeat(400);

    private final ClientFixture fixture = new ClientFixture(ClientFixture.OPTIONS
            .withTickets(room -> CompletableFuture.completedFuture("ticket"))
            .withTokens(TokenSource.fixed("token")));
    private final RoomScript room = fixture.room;

    private void assertAlive() {
        fixture.say(room.frame(1, 1, "a").message());
        assertThat(fixture.listener.frames).hasSize(1);
        assertThat(fixture.client.stopped()).isNotDone();
    }

    @Test
    void numbersThatCannotBeTrueSetNoTimersOff() {
        fixture.connected();
        fixture.client.join("lobby");
        for (String number :
                new String[] {"" + Long.MAX_VALUE, HUGE, "-" + HUGE, "-1", "0", "1", "1e999", "\"x\"", "null"}) {
            fixture.accept("join", ",\"grantUntil\":" + number);
            fixture.say(room.joined("\"members\":[],\"grantUntil\":" + number + ",\"reconnectBefore\":" + number
                    + ",\"frameMs\":" + number + ",\"playoutMs\":" + number));
        }
        fixture.loop.advanceMs(60_000);

        assertThat(fixture.transport.sockets).hasSize(1);
        assertThat(fixture.transport.socket().sent("renew")).hasSizeLessThan(3);
        assertAlive();
    }

    @Test
    void anEndThatMovesByAMillisecondIsNotRenewedAtTheSpeedOfTheNetwork() {
        fixture.connected();
        fixture.client.join("lobby");
        fixture.say(room.joined("\"members\":[],\"grantUntil\":1"));
        for (int step = 1; step <= 600; step++) {
            fixture.loop.advanceMs(100);
            if (!fixture.transport.socket().sent("renew").isEmpty()) {
                fixture.accept("renew", ",\"grantUntil\":" + (step + 1));
            }
        }

        assertThat(fixture.transport.socket().sent("renew")).hasSizeBetween(2, 60);
    }

    @Test
    void aRoomThatExpiresAgainAndAgainIsJoinedOnceASecond() {
        fixture.joined();
        for (int i = 0; i < 100; i++) {
            fixture.say("{\"action\":\"removed\",\"room\":\"lobby\",\"reason\":\"expired\"}");
            fixture.loop.advanceMs(100);
        }

        assertThat(fixture.transport.socket().sent("join")).hasSizeLessThanOrEqualTo(12);
    }

    @Test
    void messagesOfUnknownOrBrokenKindsDisturbNothing() {
        fixture.joined();
        String[] messages = {
            "{\"action\":\"confetti\",\"room\":\"lobby\"}",
            "{\"action\":\"removed\"}",
            "{\"action\":\"removed\",\"room\":7}",
            "{\"action\":\"removed\",\"room\":\"elsewhere\",\"reason\":\"kicked\"}",
            "{\"action\":\"joined\",\"room\":\"elsewhere\",\"participant\":\"me\",\"epoch\":1,\"tick\":1,\"hash\":\"\"}",
            "{\"action\":\"joined\",\"room\":\"lobby\",\"participant\":\"me\",\"epoch\":" + HUGE + ",\"tick\":1}",
            "{\"action\":\"accepted\"}",
            "{\"action\":\"accepted\",\"id\":\"m1\",\"blocked\":{\"a\":1}}",
            "{\"action\":\"accepted\",\"id\":[]}",
            "{\"action\":\"error\",\"code\":\"x\",\"retry\":\"later\",\"retryAfterMs\":" + HUGE + "}",
            "{\"action\":\"error\",\"code\":\"x\",\"retry\":\"dance\",\"id\":\"m1\"}",
            "{\"action\":\"pong\",\"time\":" + HUGE + "}",
            "{\"action\":\"tick\",\"room\":\"lobby\",\"ticks\":{\"epoch\":1}}",
            "[".repeat(100_000),
            "{\"action\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
            "\u0000",
            "{\"action\":\"tick\",\"room\":\"\\ud800\",\"ticks\":[]}"
        };
        for (String message : messages) {
            fixture.say(message);
        }

        assertThat(fixture.transport.socket().processed).as("all were taken").isEqualTo(messages.length + 1);
        assertAlive();
    }

    @Test
    void eventsThatAreBrokenCostTheirTickOnly() {
        fixture.joined();
        String[] events = {
            "{\"kind\":\"presence\"}",
            "{\"kind\":\"settings\",\"pushToTalk\":\"maybe\"}",
            "{\"kind\":\"muted\",\"participant\":7}",
            "{\"kind\":\"stream\",\"stream\":4294967296,\"participant\":\"ann\",\"codec\":\"opus\",\"frameUs\":1}",
            "{\"kind\":\"stream\",\"stream\":1,\"participant\":\"ann\",\"codec\":\"opus\",\"frameUs\":-1}",
            "{\"kind\":\"lost\",\"stream\":1,\"seq\":" + HUGE + ",\"count\":1}",
            "{\"kind\":\"said\",\"participant\":\"ann\"}",
            "{\"kind\":\"fireworks\",\"participant\":\"ann\"}",
            "{\"kind\":\"joined\",\"participant\":\"bob\",\"name\":\"\\ud800\\u0000\"}",
            "7",
            "null"
        };
        for (String event : events) {
            fixture.say(room.message().replace("\"events\":[]", "\"events\":[" + event + "]"));
        }
        assertAlive();
    }

    @Test
    void manglingOfEveryMessageIsSurvived() {
        long seed = 20_261_125L;
        Random random = new Random(seed);
        fixture.joined();
        String[] messages = {
            room.joined(),
            room.frame(1, 1, "a")
                    .event("{\"kind\":\"presence\",\"participant\":\"me\",\"deafened\":true}")
                    .message(),
            "{\"action\":\"accepted\",\"for\":\"join\",\"id\":\"m1\",\"connection\":\"c\",\"resume\":\"s\","
                    + "\"grantUntil\":1700000100000,\"blocked\":[\"ann\"]}",
            "{\"action\":\"removed\",\"room\":\"attic\",\"reason\":\"banned\",\"until\":1700000100000}",
            "{\"action\":\"error\",\"code\":\"rate_limited\",\"retry\":\"later\",\"retryAfterMs\":5}"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder message = new StringBuilder(messages[random.nextInt(messages.length)]);
            for (int change = random.nextInt(3); change >= 0; change--) {
                int at = random.nextInt(message.length());
                if (random.nextBoolean()) {
                    message.setCharAt(at, (char) (32 + random.nextInt(96)));
                } else {
                    message.deleteCharAt(at);
                }
            }
            fixture.say(message.toString());
        }

        assertThat(fixture.client.stopped()).as("seed %s", seed).isNotDone();
    }
}
