package io.parley.local.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.parley.local.contract.Endpoint;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.EventBus;
import software.amazon.awssdk.services.eventbridge.model.InvalidEventPatternException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eventbridge.model.Rule;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.eventbridge.model.Target;

/** What our EventBridge and others' agree on. */
abstract class EventBridgeContractTest {

    private static final String PATTERN = "{\"source\":[\"parley\"]}";

    private final String bus = "bus-" + UUID.randomUUID();
    private Endpoint endpoint;
    private EventBridgeClient events;

    abstract Endpoint open();

    @BeforeEach
    void createBus() {
        endpoint = open();
        events = endpoint.client(EventBridgeClient.builder().httpClient(UrlConnectionHttpClient.create()));
        events.createEventBus(r -> r.name(bus));
    }

    @AfterEach
    void close() {
        if (events != null) {
            events.close();
            endpoint.close();
        }
    }

    @Test
    void describesAndListsABusUntilItIsDeleted() {
        assertThat(events.describeEventBus(r -> r.name(bus)).arn()).endsWith(":event-bus/" + bus);
        assertThat(events.describeEventBus(r -> {}).name()).isEqualTo("default");
        assertThat(events.listEventBuses(r -> r.namePrefix(bus)).eventBuses())
                .extracting(EventBus::name)
                .containsExactly(bus);
        assertThatThrownBy(() -> events.createEventBus(r -> r.name(bus)))
                .isInstanceOf(ResourceAlreadyExistsException.class);

        events.deleteEventBus(r -> r.name(bus));

        assertThatThrownBy(() -> events.describeEventBus(r -> r.name(bus)))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> events.deleteEventBus(r -> r.name("default"))).satisfies(this::isValidation);
    }

    @Test
    void refusesABusNameWithASlash() {
        assertThatThrownBy(() -> events.createEventBus(r -> r.name("a/b"))).satisfies(this::isValidation);
    }

    @Test
    void keepsARuleAndItsStateUntilItIsDeleted() {
        String arn = events.putRule(r -> r.eventBusName(bus)
                        .name("statuses")
                        .description("what was said")
                        .eventPattern(PATTERN))
                .ruleArn();

        assertThat(arn).endsWith(":rule/" + bus + "/statuses");
        var described = events.describeRule(r -> r.eventBusName(bus).name("statuses"));
        assertThat(described.eventPattern()).isEqualTo(PATTERN);
        assertThat(described.state()).isEqualTo(RuleState.ENABLED);
        assertThat(described.description()).isEqualTo("what was said");
        assertThat(described.eventBusName()).isEqualTo(bus);

        events.disableRule(r -> r.eventBusName(bus).name("statuses"));
        assertThat(events.listRules(r -> r.eventBusName(bus).namePrefix("stat")).rules())
                .extracting(Rule::name, Rule::state)
                .containsExactly(tuple("statuses", RuleState.DISABLED));
        events.enableRule(r -> r.eventBusName(bus).name("statuses"));
        assertThat(events.describeRule(r -> r.eventBusName(bus).name("statuses"))
                        .state())
                .isEqualTo(RuleState.ENABLED);

        events.deleteRule(r -> r.eventBusName(bus).name("statuses"));
        assertThat(events.listRules(r -> r.eventBusName(bus)).rules()).isEmpty();
        assertThatThrownBy(() -> events.describeRule(r -> r.eventBusName(bus).name("statuses")))
                .isInstanceOf(ResourceNotFoundException.class);
        events.deleteRule(r -> r.eventBusName(bus).name("statuses"));
    }

    @Test
    void pagesThroughRules() {
        for (String name : List.of("a", "b", "c")) {
            events.putRule(r -> r.eventBusName(bus).name(name).eventPattern(PATTERN));
        }

        var first = events.listRules(r -> r.eventBusName(bus).limit(2));
        var second = events.listRules(r -> r.eventBusName(bus).limit(2).nextToken(first.nextToken()));

        assertThat(first.rules()).extracting(Rule::name).containsExactly("a", "b");
        assertThat(second.rules()).extracting(Rule::name).containsExactly("c");
        assertThat(second.nextToken()).isNull();
    }

    @Test
    void refusesAPatternThatIsNone() {
        for (String pattern : List.of("{", "{\"source\":\"parley\"}", "{\"source\":[]}")) {
            assertThatThrownBy(() -> events.putRule(
                            r -> r.eventBusName(bus).name("wrong").eventPattern(pattern)))
                    .isInstanceOf(InvalidEventPatternException.class)
                    .hasMessageContaining("Event pattern is not valid");
        }
        assertThatThrownBy(() -> events.putRule(r -> r.eventBusName(bus).name("wrong")))
                .satisfies(this::isValidation);
    }

    @Test
    void keepsTargetsWithARuleAndTheRuleWithItsTargets() {
        events.putRule(r -> r.eventBusName(bus).name("statuses").eventPattern(PATTERN));
        String function = "arn:aws:lambda:eu-central-1:123456789012:function:archive";
        String group = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/events/statuses";

        var put = events.putTargets(r -> r.eventBusName(bus)
                .rule("statuses")
                .targets(
                        Target.builder().id("archive").arn(function).build(),
                        Target.builder()
                                .id("log")
                                .arn(group)
                                .inputPath("$.detail")
                                .build()));

        assertThat(put.failedEntryCount()).isZero();
        assertThat(events.listTargetsByRule(r -> r.eventBusName(bus).rule("statuses"))
                        .targets())
                .containsExactlyInAnyOrder(
                        Target.builder().id("archive").arn(function).build(),
                        Target.builder()
                                .id("log")
                                .arn(group)
                                .inputPath("$.detail")
                                .build());
        assertThatThrownBy(() -> events.deleteRule(r -> r.eventBusName(bus).name("statuses")))
                .satisfies(this::isValidation)
                .hasMessageContaining("has targets");

        events.putRule(r -> r.eventBusName(bus).name("statuses").eventPattern("{\"source\":[\"other\"]}"));
        assertThat(events.listTargetsByRule(r -> r.eventBusName(bus).rule("statuses"))
                        .targets())
                .hasSize(2);

        events.removeTargets(r -> r.eventBusName(bus).rule("statuses").ids("archive", "log"));
        assertThat(events.listTargetsByRule(r -> r.eventBusName(bus).rule("statuses"))
                        .targets())
                .isEmpty();
        events.deleteRule(r -> r.eventBusName(bus).name("statuses"));
    }

    @Test
    void refusesTargetsOfNoRuleAndWhatIsNoArn() {
        Target target = Target.builder().id("t").arn("not an arn").build();

        assertThatThrownBy(() ->
                        events.putTargets(r -> r.eventBusName(bus).rule("none").targets(target)))
                .satisfies(this::isValidation);
        assertThatThrownBy(
                        () -> events.listTargetsByRule(r -> r.eventBusName(bus).rule("none")))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> events.removeTargets(
                        r -> r.eventBusName(bus).rule("none").ids("t")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void givesEveryEntryAnIdAndTakesTheTimeAndResources() {
        PutEventsResponse response = events.putEvents(r -> r.entries(
                entry("{\"status\":\"PENDING\"}").build(),
                entry("{}")
                        .time(Instant.parse("2026-11-23T12:00:00Z"))
                        .resources("arn:x")
                        .build()));

        assertThat(response.failedEntryCount()).isZero();
        assertThat(response.entries()).hasSize(2).allSatisfy(result -> {
            assertThat(result.eventId()).isNotBlank();
            assertThat(result.errorCode()).isNull();
        });
    }

    @Test
    void failsABadEntryAndTakesItsNeighbours() {
        PutEventsResponse response = events.putEvents(r -> r.entries(
                entry("{}").build(),
                entry("{\"status\":").build(),
                entry("{}").source(null).build(),
                entry("{}").detailType(null).build(),
                entry(null).build()));

        assertThat(response.failedEntryCount()).isEqualTo(4);
        assertThat(response.entries().get(0).eventId()).isNotBlank();
        assertThat(response.entries().get(1).errorCode()).isEqualTo("MalformedDetail");
        assertThat(response.entries().get(1).errorMessage()).isEqualTo("Detail is malformed.");
        assertThat(response.entries().subList(2, 5)).extracting("errorCode").containsOnly("InvalidArgument");
        assertThat(response.entries().get(2).errorMessage())
                .isEqualTo("Parameter Source is not valid. Reason: Source is a required argument.");
    }

    @Test
    void refusesMoreThanTenEntries() {
        List<PutEventsRequestEntry> eleven = Collections.nCopies(11, entry("{}").build());

        assertThatThrownBy(() -> events.putEvents(r -> r.entries(eleven)))
                .satisfies(this::isValidation)
                .hasMessageContaining("Member must have length less than or equal to 10");
    }

    private PutEventsRequestEntry.Builder entry(String detail) {
        return PutEventsRequestEntry.builder()
                .eventBusName(bus)
                .source("parley")
                .detailType("SendAudioEvent")
                .detail(detail);
    }

    private void isValidation(Throwable failure) {
        assertThat(failure).isInstanceOfSatisfying(EventBridgeException.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ValidationException");
            assertThat(e.statusCode()).isEqualTo(400);
        });
    }
}
