package io.parley.client;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.Retry;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Keeps one connection open: connects, waits longer after each failure, and fetches a fresh token when the server has
 * refused three upgrades; if it refuses the fresh one too, it stops. When asked to, it opens a second one beside it,
 * always with a fresh token, that may take the place of the first. Runs on the loop.
 *
 * <p>Failures are forgotten when the server has said something on a new connection, not when it opened: one that is
 * accepted and dropped at once must not be tried at full speed.
 */
final class Connector implements Connection.Owner {

    static final int REFUSALS_BEFORE_FRESH_TOKEN = 3;

    /** What the connector tells. Called on the loop. */
    interface Owner {
        void opened(Connection connection);

        void replacementOpened(Connection connection);

        /** @param receivedUs when the message came in, in µs since the epoch */
        void received(Connection connection, String text, long receivedUs);

        /** The connection is lost and will be tried again. */
        void lost(String reason);

        /** The connection is lost while its replacement is open: {@link Connector#promote} is what helps. */
        void lostBeforeReplaced();

        /** There is no replacement any more: it could not be opened, or ended. */
        void replacementFailed(String reason);

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

    private Connection current;
    private Connection replacement;
    private EventLoop.Timer timer = () -> {};
    private String token;
    private boolean freshTokenWanted = true;
    private boolean refreshedAfterRefusals;
    private int refusals;
    private int failures;
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
        Connection attempt = new Connection(loop, clock, this);
        current = attempt;
        dial(attempt, freshTokenWanted, this::failed, () -> {
            refusals = 0;
            refreshedAfterRefusals = false;
            owner.opened(attempt);
        });
    }

    /** Opens a second connection beside the one that is open. */
    void replace() {
        abandonReplacement();
        Connection attempt = new Connection(loop, clock, this);
        replacement = attempt;
        dial(
                attempt,
                true,
                failure -> {
                    abandonReplacement();
                    owner.replacementFailed("could not connect: " + failure);
                },
                () -> owner.replacementOpened(attempt));
    }

    /** The second connection becomes the one that is kept; the first is nobody's business here any more. */
    void promote() {
        current = replacement;
        replacement = null;
    }

    void abandonReplacement() {
        if (replacement != null) {
            replacement.close();
            replacement = null;
        }
    }

    private void dial(Connection attempt, boolean freshToken, Consumer<Throwable> failed, Runnable opened) {
        if (options.tokens() == null || !freshToken) {
            open(attempt, failed, opened);
            return;
        }
        CompletionStage<String> fresh;
        try {
            fresh = options.tokens().token();
        } catch (RuntimeException e) {
            failed.accept(e);
            return;
        }
        fresh.whenComplete((text, failure) -> loop.execute(() -> {
            if (attempt.isOver()) {
                return;
            }
            if (failure != null) {
                failed.accept(cause(failure));
            } else {
                token = text;
                freshTokenWanted = false;
                open(attempt, failed, opened);
            }
        }));
    }

    private void open(Connection attempt, Consumer<Throwable> failed, Runnable opened) {
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
            opening = transport.connect(new Transport.Upgrade(options.uri(), headers, subprotocols), attempt);
        } catch (RuntimeException e) {
            failed.accept(e);
            return;
        }
        opening.whenComplete((socket, failure) -> loop.execute(() -> {
            if (failure != null) {
                if (!attempt.isOver()) {
                    failed.accept(cause(failure));
                }
            } else if (attempt.open(socket)) {
                counters.add(ClientCounter.CONNECTIONS);
                opened.run();
            }
        }));
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private void failed(Throwable cause) {
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
        drop();
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
        if (current != null) {
            current.close();
            current = null;
        }
        abandonReplacement();
    }

    @Override
    public void received(Connection connection, String text, long receivedUs) {
        failures = 0;
        owner.received(connection, text, receivedUs);
    }

    @Override
    public void ended(Connection connection, String reason) {
        if (connection == replacement) {
            replacement = null;
            owner.replacementFailed(reason);
        } else if (connection == current && replacement != null && replacement.isOpen()) {
            owner.lostBeforeReplaced();
        } else if (connection == current) {
            again(reason, true);
        }
    }
}
