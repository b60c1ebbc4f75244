package io.parley.local.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventLogTest {

    private final EventLog log = new EventLog(3);

    @Test
    void keepsTheLastEvents() {
        for (String id : List.of("1", "2", "3", "4", "5")) {
            log.add(event(id));
        }

        assertThat(log.events()).extracting(MatchedEvent::id).containsExactly("3", "4", "5");
    }

    @Test
    void countsEventsFromBeforeAndAfterTheQuestion() {
        log.add(event("1"));
        var seen = log.whenSeen(2, event -> !event.id().equals("2"));

        log.add(event("2"));
        assertThat(seen).isNotDone();
        log.add(event("3"));
        log.add(event("4"));

        assertThat(seen)
                .isCompletedWithValueMatching(
                        events -> events.stream().map(MatchedEvent::id).toList().equals(List.of("1", "3")));
    }

    @Test
    void tellsAListenerUntilItLeaves() {
        List<String> told = new ArrayList<>();
        EventLog.Subscription subscription = log.subscribe(event -> told.add(event.id()));

        log.add(event("1"));
        subscription.close();
        log.add(event("2"));

        assertThat(told).containsExactly("1");
    }

    private static MatchedEvent event(String id) {
        return new MatchedEvent(
                "voice", List.of(), JsonNodeFactory.instance.objectNode().put("id", id));
    }
}
