package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.local.conformance.Conformance;
import io.parley.local.conformance.Conformance.Outcome;
import io.parley.local.conformance.Conformance.Result;
import io.parley.local.conformance.Deployment;
import io.parley.local.conformance.Deployment.TicketOffice;
import io.parley.local.docs.DescribedMessages;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.NewTicket.Grant;
import io.parley.local.stack.StackOptions;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The local stack keeps the protocol, sends nothing that is not described, and it would be noticed if it did not. */
class ConformanceITCase {

    private static final List<String> USERS = List.of("ann", "bob", "cid");

    @Test
    void everyBehaviourIsShownWhereRoomsAskForTickets() throws Exception {
        try (LocalStack stack =
                LocalStack.start(StackOptions.onFreePorts().withFunctionSettings(Map.of("ROOM_POLICY", "ticket")))) {
            Map<String, JsonNode> undescribed = new ConcurrentHashMap<>();
            Set<String> actions = ConcurrentHashMap.newKeySet();
            Set<String> events = ConcurrentHashMap.newKeySet();
            DescribedMessages described = new DescribedMessages();
            Consumer<JsonNode> seen = message -> {
                described.problemsFromServer(message).forEach(problem -> undescribed.put(problem, message));
                actions.add(message.path("action").asText());
                message.findValues("kind").forEach(kind -> events.add(kind.asText()));
            };
            List<Result> results = run(
                    stack,
                    seen,
                    (participant, room, moderator) -> stack.ticket(
                            USERS.stream()
                                    .filter(user -> stack.participant(user).equals(participant))
                                    .findFirst()
                                    .orElseThrow(),
                            room,
                            (moderator ? EnumSet.allOf(Grant.class) : EnumSet.of(Grant.PUBLISH, Grant.LISTEN))
                                    .toArray(new Grant[0])));

            assertThat(results).hasSizeGreaterThan(45).allMatch(result -> result.outcome() == Outcome.PASS);
            assertThat(undescribed).isEmpty();
            assertThat(actions).contains("accepted", "joined", "tick", "removed", "error", "pong", "probe");
            assertThat(events)
                    .contains("muted", "unmuted", "presence", "settings", "locked", "unlocked", "said", "lost");
        }
    }

    @Test
    void whereRoomsAreOpenNothingFailsAndWhatNeedsTicketsIsLeftOut() throws Exception {
        try (LocalStack stack = LocalStack.start(StackOptions.onFreePorts())) {
            List<Result> results = run(stack, message -> {}, null);

            assertThat(results).noneMatch(result -> result.outcome() == Outcome.FAIL);
            assertThat(results).anyMatch(result -> result.outcome() == Outcome.SKIP);
        }
    }

    @Test
    void aStackThatKeepsAPromiseOtherwiseIsFoundOut() throws Exception {
        try (LocalStack stack = LocalStack.start(
                StackOptions.onFreePorts().withFunctionSettings(Map.of("ROOM_POLICY", "open", "MAX_ROOMS", "1")))) {
            List<Result> results = Conformance.run(
                    deployment(stack, message -> {}, null), name -> name.contains("may be in two rooms"), result -> {});

            assertThat(results).singleElement().satisfies(result -> {
                assertThat(result.outcome()).isEqualTo(Outcome.FAIL);
                assertThat(result.detail()).contains("too_many_rooms");
            });
        }
    }

    private static List<Result> run(LocalStack stack, Consumer<JsonNode> seen, TicketOffice tickets) {
        return Conformance.run(deployment(stack, seen, tickets), name -> true, result -> {});
    }

    private static Deployment deployment(LocalStack stack, Consumer<JsonNode> seen, TicketOffice tickets) {
        return new Deployment(
                URI.create(stack.credentials().url()),
                stack.credentials().apiKey(),
                USERS.stream().map(stack::token).toList(),
                tickets,
                seen);
    }
}
