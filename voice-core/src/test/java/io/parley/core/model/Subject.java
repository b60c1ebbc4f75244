package io.parley.core.model;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.core.chunk.Chunk;
import io.parley.core.options.RoomOptions;
import io.parley.core.room.Room;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.RoomState;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.Tombstone;
import java.util.ArrayList;
import java.util.List;

/** What is put through a trace: the room, or its model. Treated as the job's operator treats a room. */
interface Subject {

    /** Opens the room that a record has come for. */
    void open(Tombstone tombstone, long nowMs);

    void beginRun(long startMs);

    void setCatchingUp(boolean catchingUp);

    /** A checkpoint is taken, and what goes on is what was read back of it. */
    void throughState();

    List<ModelOutput> accept(StreamRecord record, Chunk chunk, long nowUs);

    List<ModelOutput> onTimer(long nowUs);

    long nextTimerMs();

    boolean isClosed();

    Tombstone tombstone();

    /** The room itself. */
    class OfRoom implements Subject {
        final List<RoomOutput> outputs = new ArrayList<>();
        private final RoomOptions options;
        private final boolean alwaysThroughState;
        private Room room;
        private boolean catchingUp;

        OfRoom(RoomOptions options, boolean alwaysThroughState) {
            this.options = options;
            this.alwaysThroughState = alwaysThroughState;
        }

        @Override
        public void open(Tombstone tombstone, long nowMs) {
            room = Room.open(Script.ROOM, options, tombstone, nowMs);
        }

        @Override
        public void beginRun(long startMs) {
            room.beginRun(startMs);
        }

        @Override
        public void setCatchingUp(boolean catchingUp) {
            this.catchingUp = catchingUp;
            room.setCatchingUp(catchingUp);
        }

        @Override
        public void throughState() {
            try {
                byte[] bytes = room.state().build().toByteArray();
                room = Room.restore(RoomState.parseFrom(bytes), options);
                setCatchingUp(catchingUp);
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public List<ModelOutput> accept(StreamRecord record, Chunk chunk, long nowUs) {
            int before = outputs.size();
            room.accept(record, chunk, nowUs, outputs::add);
            return since(before);
        }

        @Override
        public List<ModelOutput> onTimer(long nowUs) {
            int before = outputs.size();
            room.onTimer(nowUs, outputs::add);
            return since(before);
        }

        private List<ModelOutput> since(int before) {
            List<ModelOutput> read = new ArrayList<>();
            outputs.subList(before, outputs.size()).forEach(output -> read.add(ModelOutput.read(output)));
            if (alwaysThroughState) {
                throughState();
            }
            return read;
        }

        @Override
        public long nextTimerMs() {
            return room.nextTimerMs();
        }

        @Override
        public boolean isClosed() {
            return room.isClosed();
        }

        @Override
        public Tombstone tombstone() {
            return room.tombstone();
        }
    }

    /** The reference model. */
    class OfModel implements Subject {
        private final RoomOptions options;
        private RoomModel model;

        OfModel(RoomOptions options) {
            this.options = options;
        }

        @Override
        public void open(Tombstone tombstone, long nowMs) {
            model = new RoomModel(Script.ROOM, options, tombstone, nowMs);
        }

        @Override
        public void beginRun(long startMs) {
            model.beginRun(startMs);
        }

        @Override
        public void setCatchingUp(boolean catchingUp) {
            model.catchingUp = catchingUp;
        }

        @Override
        public void throughState() {
            // It has no other state than its memory.
        }

        @Override
        public List<ModelOutput> accept(StreamRecord record, Chunk chunk, long nowUs) {
            return model.accept(record, chunk, nowUs);
        }

        @Override
        public List<ModelOutput> onTimer(long nowUs) {
            return model.onTimer(nowUs);
        }

        @Override
        public long nextTimerMs() {
            return model.nextTimerMs();
        }

        @Override
        public boolean isClosed() {
            return model.isClosed();
        }

        @Override
        public Tombstone tombstone() {
            return model.tombstone();
        }
    }
}
