package io.parley.local.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.local.contract.Endpoint;
import io.parley.local.lambda.FunctionRegistry;
import io.parley.local.lambda.LocalFunction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.InvalidEventPatternException;
import software.amazon.awssdk.services.eventbridge.model.LimitExceededException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.Target;

/** What only our EventBridge does here, or does more exactly: matching, delivery, limits. */
class EventBridgeEndpointTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Clock clock = Clock.fixed(Instant.parse("2026-11-23T12:00:00.789Z"), ZoneOffset.UTC);
    private final FunctionRegistry functions =
            new FunctionRegistry(clock, "eu-central-1", "000000000000", Duration.ZERO);
    private final EventLog log = new EventLog(100);
    private final EventBuses buses = new EventBuses(clock, "eu-central-1", "000000000000", functions, log);
    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    private final Endpoint endpoint = Endpoint.local(vertx -> List.of(new EventBridgeEndpoint(buses)));
    private final EventBridgeClient events =
            endpoint.client(EventBridgeClient.builder().httpClient(UrlConnectionHttpClient.create()));

    @BeforeEach
    void createBus() {
        RequestStreamHandler archive = (in, out, context) -> received.add(JSON.readTree(in));
        functions.register(LocalFunction.of("archive", () -> archive));
        buses.createBus("voice");
    }

    @AfterEach
    void close() {
        events.close();
        endpoint.close();
        functions.close();
    }

    @Test
    void deliversAMatchedEventToTheFunctionInItsEnvelope() throws Exception {
        buses.putRule("voice", "failed", "{\"detail\":{\"status\":[\"FAILED\"]}}");
        buses.putTarget("voice", "failed", "archive", functions.arnOf("archive"));

        put("{\"status\":\"PENDING\"}");
        String id = put("{\"status\":\"FAILED\",\"n\":1.50}").entries().get(0).eventId();

        JsonNode event = received.poll(30, TimeUnit.SECONDS);
        assertThat(event).isEqualTo(JSON.readTree("""
                        {"version":"0","id":"%s","detail-type":"SendAudioEvent","source":"parley",
                         "account":"000000000000","time":"2026-11-23T12:00:00Z","region":"eu-central-1",
                         "resources":["room/1"],"detail":{"status":"FAILED","n":1.5}}""".formatted(id)));
        assertThat(received).isEmpty();
    }

    @Test
    void runsAFailingFunctionThreeTimes() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        RequestStreamHandler fails = (in, out, context) -> {
            received.add(JSON.readTree(in));
            if (runs.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
        };
        functions.register(LocalFunction.of("fails", () -> fails));
        buses.putRule("voice", "all", "{\"source\":[\"parley\"]}");
        buses.putTarget("voice", "all", "fails", functions.arnOf("fails"));

        put("{}");

        JsonNode first = received.poll(30, TimeUnit.SECONDS);
        assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo(first);
        assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo(first);
    }

    @Test
    void sendsAPartOrAConstantInsteadOfTheEventWhereTheTargetSaysSo() throws Exception {
        buses.putRule("voice", "all", "{\"source\":[\"parley\"]}");
        String arn = functions.arnOf("archive");
        events.putTargets(r -> r.eventBusName("voice")
                .rule("all")
                .targets(
                        Target.builder()
                                .id("part")
                                .arn(arn)
                                .inputPath("$.detail.room")
                                .build(),
                        Target.builder().id("constant").arn(arn).input("[7]").build()));

        put("{\"room\":{\"id\":\"lobby\"}}");

        assertThat(List.of(received.poll(30, TimeUnit.SECONDS), received.poll(30, TimeUnit.SECONDS)))
                .containsExactlyInAnyOrder(JSON.readTree("{\"id\":\"lobby\"}"), JSON.readTree("[7]"));
    }

    @Test
    void aDisabledRuleAndAnEventWithoutABusReachNobody() {
        buses.putRule("voice", "all", "{\"source\":[\"parley\"]}");
        buses.putTarget("voice", "all", "archive", functions.arnOf("archive"));
        events.disableRule(r -> r.eventBusName("voice").name("all"));

        put("{}");
        PutEventsResponse astray = events.putEvents(
                r -> r.entries(entry("{}").eventBusName("nowhere").build()));

        assertThat(astray.failedEntryCount()).isZero();
        assertThat(log.events())
                .singleElement()
                .satisfies(event -> assertThat(event.rules()).isEmpty());
    }

    @Test
    void takesABusByItsArn() {
        String arn = events.describeEventBus(r -> r.name("voice")).arn();

        events.putEvents(r -> r.entries(entry("{}").eventBusName(arn).build()));

        assertThat(log.events()).extracting(MatchedEvent::bus).containsExactly("voice");
    }

    @Test
    void theLogTellsWhichRulesMatched() throws Exception {
        buses.putRule("voice", "by-source", "{\"source\":[{\"prefix\":\"par\"}]}");
        buses.putRule("voice", "by-status", "{\"detail\":{\"status\":[{\"anything-but\":\"PENDING\"}]}}");
        var seen = log.whenSeen(2, event -> event.source().equals("parley"));

        put("{\"status\":\"PENDING\"}");
        put("{\"status\":\"COMPLETED\"}");

        assertThat(seen.get(30, TimeUnit.SECONDS))
                .extracting(MatchedEvent::rules)
                .isEqualTo(List.of(List.of("by-source"), List.of("by-source", "by-status")));
    }

    @Test
    void matchesAsTheRulerDoes() {
        assertMatches("{\"detail\":{\"room\":[{\"prefix\":\"lob\"}]}}", true);
        assertMatches("{\"detail\":{\"room\":[{\"prefix\":\"x\"}]}}", false);
        assertMatches("{\"detail\":{\"status\":[{\"anything-but\":[\"FAILED\",\"PENDING\"]}]}}", true);
        assertMatches("{\"detail\":{\"status\":[{\"anything-but\":[\"COMPLETED\"]}]}}", false);
        assertMatches("{\"detail\":{\"reason\":[{\"exists\":false}]}}", true);
        assertMatches("{\"detail\":{\"status\":[{\"exists\":false}]}}", false);
        assertMatches("{\"detail\":{\"frames\":[{\"numeric\":[\">=\",5,\"<\",10]}]}}", true);
        assertMatches("{\"detail\":{\"frames\":[{\"numeric\":[\">\",5]}]}}", false);
        assertMatches("{\"detail\":{\"$or\":[{\"status\":[\"FAILED\"]},{\"frames\":[5]}]}}", true);
        assertMatches("{\"source\":[\"parley\"],\"detail\":{\"tags\":[\"b\"]}}", true);
        assertMatches("{\"source\":[\"other\"],\"detail\":{\"tags\":[\"b\"]}}", false);
    }

    @Test
    void testsAPatternOnlyAgainstAWholeEvent() {
        assertThatThrownBy(() -> events.testEventPattern(
                        r -> r.eventPattern("{\"source\":[\"parley\"]}").event("{\"source\":\"parley\"}")))
                .isInstanceOf(EventBridgeException.class)
                .hasMessageContaining("lacks the field id");
        assertThatThrownBy(() -> events.testEventPattern(
                        r -> r.eventPattern("{\"source\":[{\"suff\":\"x\"}]}").event("{}")))
                .isInstanceOf(InvalidEventPatternException.class)
                .hasMessageContaining("suff");
    }

    @Test
    void refusesMoreThan256KilobytesInOneCall() {
        PutEventsRequestEntry half =
                entry("{\"a\":\"" + "x".repeat(128 * 1024) + "\"}").build();

        assertThat(events.putEvents(r -> r.entries(half)).failedEntryCount()).isZero();
        assertThatThrownBy(() -> events.putEvents(r -> r.entries(half, half)))
                .isInstanceOf(EventBridgeException.class)
                .hasMessageContaining("Total size of the entries in the request is over the limit.");
        assertThat(log.events()).hasSize(1);
    }

    @Test
    void failsEntriesThatAreNotOneObjectOrSpeakForAws() {
        PutEventsResponse response = events.putEvents(r -> r.entries(
                entry("[1]").build(),
                entry("{} {}").build(),
                entry("{}").source("aws.kinesis").build(),
                entry("{}").detailType("t".repeat(129)).build()));

        assertThat(response.entries())
                .extracting("errorCode")
                .containsExactly(
                        "MalformedDetail", "MalformedDetail", "NotAuthorizedForSourceException", "InvalidArgument");
        assertThat(log.events()).isEmpty();
    }

    @Test
    void refusesWhatItDoesNotServe() {
        buses.putRule("voice", "all", "{\"source\":[\"parley\"]}");
        Target queue = Target.builder()
                .id("q")
                .arn("arn:aws:sqs:eu-central-1:000000000000:q")
                .build();
        Target transformed = Target.builder()
                .id("t")
                .arn(functions.arnOf("archive"))
                .inputTransformer(t -> t.inputTemplate("\"x\""))
                .build();

        assertThatThrownBy(() -> events.putRule(r -> r.name("clock").scheduleExpression("rate(1 minute)")))
                .hasMessageContaining("ScheduleExpression is not served");
        assertThatThrownBy(() -> events.putTargets(
                        r -> r.eventBusName("voice").rule("all").targets(queue)))
                .hasMessageContaining("Lambda functions and log groups only");
        assertThatThrownBy(() -> events.putTargets(
                        r -> r.eventBusName("voice").rule("all").targets(transformed)))
                .hasMessageContaining("InputTransformer is not served");
        assertThatThrownBy(() -> events.listArchives(r -> {})).hasMessageContaining("does not serve ListArchives");
        assertThatThrownBy(() -> events.deleteEventBus(r -> r.name("voice"))).hasMessageContaining("has rules");
    }

    @Test
    void aRuleHasAtMostFiveTargets() {
        buses.putRule("voice", "all", "{\"source\":[\"parley\"]}");
        for (int i = 0; i < 5; i++) {
            buses.putTarget("voice", "all", "t" + i, functions.arnOf("archive"));
        }
        buses.putTarget("voice", "all", "t0", functions.arnOf("archive"));

        assertThatThrownBy(() -> events.putTargets(r -> r.eventBusName("voice")
                        .rule("all")
                        .targets(Target.builder()
                                .id("t5")
                                .arn(functions.arnOf("archive"))
                                .build())))
                .isInstanceOf(LimitExceededException.class);
    }

    @Test
    void logsAnEventToItsGroupWithoutLongStrings() throws Exception {
        Map<String, JsonNode> logged = new HashMap<>();
        EventDelivery delivery = new EventDelivery(functions, logged::put);
        String arn = "arn:aws:logs:eu-central-1:000000000000:log-group:/aws/events/voice";
        JsonNode event = JSON.readTree("{\"detail\":{\"audio\":\"" + "A".repeat(1000)
                + "\",\"room\":\"lobby\",\"n\":[\"" + "B".repeat(300) + "\",5]}}");

        delivery.deliver("all", new RuleTarget("log", arn + ":*", null, null, null), event);

        assertThat(logged)
                .containsExactly(Map.entry(
                        "/aws/events/voice",
                        JSON.readTree("{\"detail\":{\"audio\":\"<1000 characters>\",\"room\":\"lobby\","
                                + "\"n\":[\"<300 characters>\",5]}}")));
    }

    private void assertMatches(String pattern, boolean expected) {
        String event = """
                {"version":"0","id":"1","detail-type":"t","source":"parley","account":"000000000000",
                 "time":"2026-11-23T12:00:00Z","region":"eu-central-1","resources":[],
                 "detail":{"room":"lobby","status":"COMPLETED","frames":5,"tags":["a","b"]}}""";
        assertThat(events.testEventPattern(r -> r.eventPattern(pattern).event(event))
                        .result())
                .as(pattern)
                .isEqualTo(expected);
    }

    private PutEventsResponse put(String detail) {
        PutEventsResponse response =
                events.putEvents(r -> r.entries(entry(detail).build()));
        assertThat(response.failedEntryCount()).isZero();
        return response;
    }

    private static PutEventsRequestEntry.Builder entry(String detail) {
        return PutEventsRequestEntry.builder()
                .eventBusName("voice")
                .source("parley")
                .detailType("SendAudioEvent")
                .resources("room/1")
                .detail(detail);
    }
}
