package io.parley.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.jqwik.api.Example;

/** The generators reach what they are for. */
class TracesTest {

    @Example
    void tracesBringAboutEveryKindOfOutput() {
        Map<String, Long> seen = Coverage.of(Traces.anything(), Traces.options(), 300);

        assertThat(seen.keySet()).as("what came of it: " + seen).containsAll(Coverage.expected());
    }
}
