package io.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RenewalTest {

    /** These servers say nothing while time passes. */
    private static final VoiceClientOptions OPTIONS = ClientFixture.OPTIONS.withKeepAlive(Duration.ofDays(1));

    private int asked;
    private final ClientFixture fixture =
            new ClientFixture(OPTIONS.withTickets(room -> CompletableFuture.completedFuture("ticket-" + ++asked)));

    private long in(long ms) {
        return fixture.loop.millis() + ms;
    }

    private void joinedFor(ClientFixture fixture, long ms) {
        fixture.connected();
        fixture.client.join("lobby");
        fixture.accept("join", ",\"grantUntil\":" + in(ms));
        fixture.say(fixture.room.joined("\"members\":[],\"grantUntil\":" + in(ms)));
    }

    @Test
    void aMembershipIsRenewedBeforeItEndsAndAgainBeforeTheNewEnd() {
        joinedFor(fixture, 600_000);
        fixture.loop.advanceMs(539_999);
        assertThat(fixture.transport.socket().sent("renew")).isEmpty();
        fixture.loop.advanceMs(1);
        assertThat(fixture.transport.last("renew").path("ticket").asText()).isEqualTo("ticket-2");
        fixture.accept("renew", ",\"grantUntil\":" + in(600_000));
        fixture.say(fixture.room.joined("\"members\":[],\"grantUntil\":" + in(600_000)));

        fixture.loop.advanceMs(540_000);
        assertThat(fixture.transport.socket().sent("renew")).hasSize(2);
    }

    @Test
    void chanceSpreadsTheRenewals() {
        fixture.random = 0.999;
        joinedFor(fixture, 600_000);
        fixture.loop.advanceMs(560_000);
        assertThat(fixture.transport.socket().sent("renew")).isEmpty();
        fixture.loop.advanceMs(10_000);
        assertThat(fixture.transport.socket().sent("renew")).hasSize(1);
    }

    @Test
    void withoutTicketsAFreshTokenIsShown() {
        ClientFixture fixture =
                new ClientFixture(OPTIONS.withTokens(() -> CompletableFuture.completedFuture("token-" + ++asked)));
        joinedFor(fixture, 600_000);
        fixture.loop.advanceMs(540_000);

        assertThat(fixture.transport.last("renew").path("token").asText()).isEqualTo("token-2");
    }

    @Test
    void withoutASourceNothingIsRenewed() {
        ClientFixture fixture = new ClientFixture(OPTIONS);
        joinedFor(fixture, 600_000);
        fixture.loop.advanceMs(600_000);

        assertThat(fixture.transport.socket().sent("renew")).isEmpty();
        assertThatThrownBy(fixture.client.room("lobby").renew()::join).hasMessageContaining(VoiceError.NO_TICKET);
    }

    @Test
    void aRenewalThatGrantsNoMoreIsNotRepeated() {
        joinedFor(fixture, 600_000);
        long until = in(600_000);
        fixture.loop.advanceMs(540_000);
        fixture.accept("renew", ",\"grantUntil\":" + until);
        fixture.say(fixture.room.joined("\"members\":[],\"grantUntil\":" + until));
        fixture.loop.advanceMs(60_000);

        assertThat(fixture.transport.socket().sent("renew")).hasSize(1);
    }

    @Test
    void aRenewalThatCouldNotBeDoneNowIsTriedAgainUntilTheEnd() {
        joinedFor(fixture, 600_000);
        fixture.loop.advanceMs(540_000);
        fixture.refuse("renew", "unavailable", "later");
        fixture.loop.advanceMs(100);
        assertThat(fixture.transport.socket().sent("renew")).hasSize(2);
        fixture.loop.advanceMs(60_000);
        int sent = fixture.transport.socket().sent("renew").size();
        fixture.loop.advanceMs(600_000);

        assertThat(fixture.transport.socket().sent("renew")).hasSize(sent);
    }

    @Test
    void aRenewalThatIsRefusedChangesNothing() {
        for (String[] error : new String[][] {{"ticket_used", "stop"}, {"unauthorized", "refresh"}}) {
            ClientFixture fixture =
                    new ClientFixture(OPTIONS.withTickets(room -> CompletableFuture.completedFuture("ticket")));
            joinedFor(fixture, 600_000);
            CompletableFuture<Void> renewed = fixture.client.room("lobby").renew();
            fixture.refuse("renew", error[0], error[1]);

            assertThatThrownBy(renewed::join).hasMessageContaining(error[0]);
            fixture.say(fixture.room.frame(1, 1, "a").message());
            assertThat(fixture.listener.lines).contains("frame ann 1 a");
            assertThat(fixture.transport.socket().closed).isFalse();
        }
    }
}
