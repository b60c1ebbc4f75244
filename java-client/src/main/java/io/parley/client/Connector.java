package io.parley.client;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.Retry;
import io.parley.core.record.Micros;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Keeps one connection open: connects, waits longer after each failure, and fetches a fresh token when the server has
 * refused three upgrades; if it refuses the fresh one too, it stops. Runs on the loop.
 *
 * <p>Failures are forgotten when the server has said something on a new connection, not when it opened: one that is
 * accepted and dropped at once must not be tried at full speed.
 */
final class Connector {

    static final int REFUSALS_BEFORE_FRESH_TOKEN = 3;

    /** What the connector tells. Called on the loop. */
    interface Owner {
        void opened(Transport.Socket socket);

        /** @param receivedUs when the message came in, in µs since the epoch */
        void received(String text, long receivedUs);

        /** The connection is lost and will be tried again. */
        void lost(String reason);

        /** It is over: no connection will come any more. The connection that was open, if any, is lost. */
        void stopped(VoiceError error);
    }

    private final VoiceClientOptions options;
    private final Transport transport;
    private final EventLoop loop;
    private final Clock clock;
    private final Backoff backoff;
    private final Counters counters;
    private final Owner owner;

    private Transport.Socket socket;
    private EventLoop.Timer timer = () -> {};
    private String token;
    private boolean freshTokenWanted = true;
    private boolean refreshedAfterRefusals;
    private int refusals;
    private int failures;
    private int generation;
    private boolean stopped;

    Connector(
            VoiceClientOptions options,
            Transport transport,
            EventLoop loop,
            Clock clock,
            Backoff backoff,
            Counters counters,
            Owner owner) {
        this.options = options;
        this.transport = transport;
        this.loop = loop;
        this.clock = clock;
        this.backoff = backoff;
        this.counters = counters;
        this.owner = owner;
    }

    void connect() {
        if (stopped) {
            return;
        }
        int attempt = ++generation;
        if (options.tokens() == null || !freshTokenWanted) {
            open(attempt);
            return;
        }
        CompletionStage<String> fresh;
        try {
            fresh = options.tokens().token();
        } catch (RuntimeException e) {
            failed(attempt, e);
            return;
        }
        fresh.whenComplete((text, failure) -> loop.execute(() -> {
            if (failure != null) {
                failed(attempt, failure);
            } else if (attempt == generation && !stopped) {
                token = text;
                freshTokenWanted = false;
                open(attempt);
            }
        }));
    }

    private void open(int attempt) {
        Map<String, String> headers = new HashMap<>();
        if (token != null) {
            headers.put("Authorization", "Bearer " + token);
        }
        if (options.apiKey() != null) {
            headers.put("x-api-key", options.apiKey());
        }
        List<String> subprotocols = options.subprotocol() == null ? List.of() : List.of(options.subprotocol());
        CompletionStage<Transport.Socket> opening;
        try {
            opening = transport.connect(
                    new Transport.Upgrade(options.uri(), headers, subprotocols), new Incoming(attempt));
        } catch (RuntimeException e) {
            failed(attempt, e);
            return;
        }
        opening.whenComplete((opened, failure) -> loop.execute(() -> {
            if (failure != null) {
                failed(attempt, failure);
            } else if (attempt != generation || stopped) {
                opened.close();
            } else {
                socket = opened;
                refusals = 0;
                refreshedAfterRefusals = false;
                counters.add(ClientCounter.CONNECTIONS);
                owner.opened(opened);
            }
        }));
    }

    private void failed(int attempt, Throwable failure) {
        if (attempt != generation || stopped) {
            return;
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof Transport.UpgradeRefusedException
                && isRefusal((Transport.UpgradeRefusedException) cause)) {
            counters.add(ClientCounter.REFUSED_UPGRADES);
            refusals++;
            if (refreshedAfterRefusals) {
                stop(VoiceError.local(
                        ErrorCode.UNAUTHORIZED.code(),
                        "The server refuses the API key or the token, a fresh one too.",
                        Retry.STOP,
                        null));
                return;
            }
            if (refusals == REFUSALS_BEFORE_FRESH_TOKEN) {
                freshTokenWanted = true;
                refreshedAfterRefusals = true;
            }
        }
        again("could not connect: " + cause, false);
    }

    private static boolean isRefusal(Transport.UpgradeRefusedException refused) {
        return refused.status() == 401 || refused.status() == 403;
    }

    /** Gives the connection up and opens another. */
    void reconnect(String reason) {
        drop();
        again(reason, true);
    }

    /** As {@link #reconnect}, with a fresh token. */
    void reconnectWithFreshToken(String reason) {
        freshTokenWanted = true;
        reconnect(reason);
    }

    private void again(String reason, boolean wasOpen) {
        if (stopped) {
            return;
        }
        generation++;
        failures++;
        if (!wasOpen && options.maxConnectAttempts() > 0 && failures >= options.maxConnectAttempts()) {
            stop(VoiceError.local(VoiceError.NOT_CONNECTED, reason, Retry.RECONNECT, null));
            return;
        }
        timer.cancel();
        timer = loop.schedule(backoff.delayMs(failures), this::connect);
        if (wasOpen) {
            owner.lost(reason);
        }
    }

    /** Closes the connection and opens none any more. */
    void stop(VoiceError error) {
        if (stopped) {
            return;
        }
        stopped = true;
        timer.cancel();
        drop();
        owner.stopped(error);
    }

    private void drop() {
        generation++;
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }

    private void ended(int attempt, String reason) {
        if (attempt == generation && socket != null) {
            socket = null;
            again(reason, true);
        }
    }

    /** What one connection receives, on the transport's threads; what comes of an older one is left out. */
    private final class Incoming implements Transport.Receiver {

        private final int attempt;

        Incoming(int attempt) {
            this.attempt = attempt;
        }

        @Override
        public void text(String text, Runnable processed) {
            long receivedUs = Micros.now(clock);
            loop.execute(() -> {
                if (attempt != generation) {
                    return;
                }
                failures = 0;
                try {
                    owner.received(text, receivedUs);
                } finally {
                    processed.run();
                }
            });
        }

        @Override
        public void closed(int code, String reason) {
            loop.execute(() -> ended(attempt, "closed with " + code + (reason.isEmpty() ? "" : " " + reason)));
        }

        @Override
        public void failed(Throwable failure) {
            loop.execute(() -> ended(attempt, "broke: " + failure));
        }
    }
}
