package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.local.aws.OperatorFunction;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.NewTicket.Grant;
import io.parley.local.stack.StackOptions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rooms that ask for tickets. */
class TicketITCase {

    private static LocalStack stack;

    @BeforeAll
    static void start() throws Exception {
        stack = LocalStack.start(StackOptions.onFreePorts()
                .withFunctionSettings(Map.of("ROOM_POLICY", "ticket"))
                .withoutJob());
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void nobodyComesInWithoutATicketForThatRoomAndUser() throws Exception {
        // A connection is told of one error a second, so each of them has one of its own.
        assertThat(joinAnew("ann", null)).isEqualTo("ticket_required");
        assertThat(joinAnew("ann", "garbage")).isEqualTo("ticket_invalid");
        assertThat(joinAnew("eve", stack.ticket("eve", "arena", Grant.LISTEN))).isEqualTo("ticket_invalid");
        assertThat(joinAnew("eve", stack.ticket("bob", "lobby", Grant.LISTEN))).isEqualTo("ticket_invalid");
        assertThat(joinAnew("bob", stack.ticket("bob", "lobby", Grant.LISTEN))).isEqualTo("accepted");
    }

    @Test
    void aTicketAdmitsOneConnection() throws Exception {
        String ticket = stack.ticket("one", "lobby", Grant.LISTEN);
        try (RawClient first = connect("one");
                RawClient second = connect("one")) {
            assertThat(join(first, "lobby", ticket)).isEqualTo("accepted");
            assertThat(join(first, "lobby", ticket)).isEqualTo("accepted");
            assertThat(join(second, "lobby", ticket)).isEqualTo("ticket_used");
        }
    }

    @Test
    void aTicketGrantsWhatItSaysAndNoMore() throws Exception {
        try (RawClient client = connect("plain")) {
            assertThat(join(client, "lobby", stack.ticket("plain", "lobby", Grant.PUBLISH, Grant.LISTEN)))
                    .isEqualTo("accepted");
            client.send("{\"action\":\"lock\",\"room\":\"lobby\"}");
            assertThat(answer(client)).isEqualTo("not_allowed");
        }
    }

    @Test
    void whoWasRevokedComesInAgainOnlyWithAnotherTicket() throws Exception {
        String ticket = stack.ticket("revoked", "lobby", Grant.LISTEN);
        try (RawClient client = connect("revoked")) {
            assertThat(join(client, "lobby", ticket)).isEqualTo("accepted");
            new OperatorFunction(
                            Map.of(
                                    "AWS_REGION",
                                    LocalStack.REGION,
                                    "AWS_ENDPOINT_URL",
                                    stack.credentials().edge(),
                                    "AWS_ACCESS_KEY_ID",
                                    "local",
                                    "AWS_SECRET_ACCESS_KEY",
                                    "local"),
                            stack.credentials().operatorFunction())
                    .perform(Map.of(
                            "operation", "revoke", "room", "lobby", "participant", stack.participant("revoked")));

            assertThat(join(client, "lobby", ticket)).isEqualTo("ticket_used");
            assertThat(join(client, "lobby", stack.ticket("revoked", "lobby", Grant.LISTEN)))
                    .isEqualTo("accepted");
        }
    }

    private static RawClient connect(String user) throws Exception {
        return RawClient.connect(stack.credentials(), stack.token(user));
    }

    private static String joinAnew(String user, String ticket) throws Exception {
        try (RawClient client = connect(user)) {
            return join(client, "lobby", ticket);
        }
    }

    private static String join(RawClient client, String room, String ticket) throws Exception {
        String with = ticket == null ? "" : ",\"ticket\":\"" + ticket + "\"";
        client.send("{\"action\":\"join\",\"room\":\"" + room + "\"" + with + "}");
        return answer(client);
    }

    /** {@code accepted}, or the code of the error. */
    private static String answer(RawClient client) throws Exception {
        JsonNode answer =
                client.await(message -> !message.path("action").asText().equals("removed"));
        return answer.path("action").asText().equals("error")
                ? answer.path("code").asText()
                : answer.path("action").asText();
    }
}
