package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.core.record.StreamRecords;
import io.parley.core.wire.Control;
import io.parley.core.wire.StreamRecord;
import org.junit.jupiter.api.Test;

class RoomRevocationTest {

    private final FakeSystem system = new FakeSystem();
    private final RoomRevocation revocation = new RoomRevocation(system.rooms, system.stream(), system.clock);

    @Test
    void takesTheParticipantOutAndTellsTheJobInARecordThatItTakes() {
        revocation.revoke("lobby", "bob");

        assertThat(system.rooms.changes).containsExactly("remove lobby bob");
        StreamRecord record = StreamRecords.parse(system.records.get(0).toByteArray());
        assertThat(record.getControlVersion()).isEqualTo(system.version);
        assertThat(record.getControl().getKind()).isEqualTo(Control.Kind.REVOKE);
        assertThat(record.getControl().getParticipant()).isEqualTo("bob");
    }

    @Test
    void doesItAgainWhenTheStreamWasAway() {
        system.away.add("stream");
        assertThatThrownBy(() -> revocation.revoke("lobby", "bob")).hasMessageContaining("stream is away");
        system.away.clear();
        revocation.revoke("lobby", "bob");

        assertThat(system.records).hasSize(1);
    }
}
