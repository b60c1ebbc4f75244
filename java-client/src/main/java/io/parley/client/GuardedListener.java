package io.parley.client;

/** Stands before the application's listener, so that what it throws changes nothing but a counter. */
final class GuardedListener implements VoiceListener {

    private static final System.Logger LOG = System.getLogger(VoiceClient.class.getName());

    private final VoiceListener listener;
    private final Counters counters;

    GuardedListener(VoiceListener listener, Counters counters) {
        this.listener = listener;
        this.counters = counters;
    }

    private void guard(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            counters.add(ClientCounter.LISTENER_FAILURES);
            // The first one is worth a line; a listener that throws for every frame is not worth fifty a second.
            if (counters.count(ClientCounter.LISTENER_FAILURES) == 1) {
                LOG.log(System.Logger.Level.WARNING, "the listener failed", e);
            }
        }
    }

    @Override
    public void onFrame(VoiceFrame frame) {
        guard(() -> listener.onFrame(frame));
    }

    @Override
    public void onEvent(RoomEvent event) {
        guard(() -> listener.onEvent(event));
    }

    @Override
    public void onLost(LostFrames lost) {
        guard(() -> listener.onLost(lost));
    }

    @Override
    public void onTick(VoiceTick tick) {
        guard(() -> listener.onTick(tick));
    }

    @Override
    public void onMissedTicks(String room, long count) {
        guard(() -> listener.onMissedTicks(room, count));
    }

    @Override
    public void onChainBreak(String room, long epoch, long tick) {
        guard(() -> listener.onChainBreak(room, epoch, tick));
    }

    @Override
    public void onJoined(JoinedRoom room) {
        guard(() -> listener.onJoined(room));
    }

    @Override
    public void onRemoved(RoomRemoval removal, boolean willRejoin) {
        guard(() -> listener.onRemoved(removal, willRejoin));
    }

    @Override
    public void onError(VoiceError error) {
        guard(() -> listener.onError(error));
    }

    @Override
    public void onBye(String reason, boolean reconnect) {
        guard(() -> listener.onBye(reason, reconnect));
    }

    @Override
    public void onDisconnected(String reason, boolean willReconnect) {
        guard(() -> listener.onDisconnected(reason, willReconnect));
    }

    @Override
    public void onReconnected() {
        guard(() -> listener.onReconnected());
    }
}
