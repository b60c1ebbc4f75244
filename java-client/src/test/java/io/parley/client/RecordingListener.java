package io.parley.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes down what the client tells, one line each. */
final class RecordingListener implements VoiceListener {

    final List<String> lines = new ArrayList<>();
    final List<VoiceError> errors = new ArrayList<>();
    final List<VoiceTick> ticks = new ArrayList<>();
    final List<VoiceFrame> frames = new ArrayList<>();
    boolean breaks;

    private void write(String line) {
        lines.add(line);
        if (breaks) {
            throw new IllegalStateException("the application broke");
        }
    }

    @Override
    public void onFrame(VoiceFrame frame) {
        frames.add(frame);
        write("frame " + frame.participant() + " " + frame.sequence() + " "
                + new String(frame.payload(), StandardCharsets.UTF_8));
    }

    @Override
    public void onEvent(RoomEvent event) {
        write("event " + event.kind() + " " + event.participant()
                + (event.text().isEmpty() ? "" : " " + event.text()));
    }

    @Override
    public void onLost(LostFrames lost) {
        write("lost " + lost.speaker().participant() + " " + lost.firstSequence() + " " + lost.count());
    }

    @Override
    public void onTick(VoiceTick tick) {
        ticks.add(tick);
        write("tick " + tick.tick());
    }

    @Override
    public void onMissedTicks(String room, long count) {
        write("missed " + count);
    }

    @Override
    public void onChainBreak(String room, long epoch, long tick) {
        write("break at " + tick);
    }

    @Override
    public void onJoined(JoinedRoom room) {
        write("joined " + room.room());
    }

    @Override
    public void onError(VoiceError error) {
        errors.add(error);
        write("error " + error.code());
    }

    @Override
    public void onRemoved(RoomRemoval removal, boolean willRejoin) {
        write("removed " + removal.room() + " " + removal.reason() + (willRejoin ? " for now" : ""));
    }

    @Override
    public void onBye(String reason, boolean reconnect) {
        write("bye " + reason);
    }

    @Override
    public void onDisconnected(String reason, boolean willReconnect) {
        write(willReconnect ? "disconnected" : "stopped");
    }

    @Override
    public void onReconnected() {
        write("reconnected");
    }
}
