package io.parley.client;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/** How a {@link VoiceClient} connects and behaves. Immutable; the {@code with} methods give a changed copy. */
public final class VoiceClientOptions {

    /** The subprotocol that this client speaks. */
    public static final String SUBPROTOCOL = "parley.v1";

    private URI uri;
    private String apiKey;
    private TokenSource tokens;
    private TicketSource tickets;
    private String subprotocol = SUBPROTOCOL;
    private int maxQueuedMessages = 256;
    private boolean ownVoice;
    private boolean chainChecked = true;
    private Duration minBackoff = Duration.ofMillis(250);
    private Duration maxBackoff = Duration.ofSeconds(30);
    private int maxConnectAttempts;
    private Duration answerTimeout = Duration.ofSeconds(10);
    private Duration keepAlive = Duration.ofMinutes(2);

    private VoiceClientOptions() {}

    /**
     * The options to begin with: neither API key nor token.
     *
     * @param uri of the deployment, {@code wss://...}
     */
    public static VoiceClientOptions of(URI uri) {
        VoiceClientOptions options = new VoiceClientOptions();
        options.uri = Objects.requireNonNull(uri, "uri");
        return options;
    }

    private VoiceClientOptions copy() {
        VoiceClientOptions copy = new VoiceClientOptions();
        copy.uri = uri;
        copy.apiKey = apiKey;
        copy.tokens = tokens;
        copy.tickets = tickets;
        copy.subprotocol = subprotocol;
        copy.maxQueuedMessages = maxQueuedMessages;
        copy.ownVoice = ownVoice;
        copy.chainChecked = chainChecked;
        copy.minBackoff = minBackoff;
        copy.maxBackoff = maxBackoff;
        copy.maxConnectAttempts = maxConnectAttempts;
        copy.answerTimeout = answerTimeout;
        copy.keepAlive = keepAlive;
        return copy;
    }

    /** The deployment's API key, sent as {@code x-api-key}. */
    public VoiceClientOptions withApiKey(String key) {
        VoiceClientOptions copy = copy();
        copy.apiKey = key;
        return copy;
    }

    /** The user's token, sent as {@code Authorization: Bearer}. */
    public VoiceClientOptions withTokens(TokenSource source) {
        VoiceClientOptions copy = copy();
        copy.tokens = source;
        return copy;
    }

    /** Where the tickets for rooms come from, for deployments that want them; default none. */
    public VoiceClientOptions withTickets(TicketSource source) {
        VoiceClientOptions copy = copy();
        copy.tickets = source;
        return copy;
    }

    /** Another subprotocol than {@value #SUBPROTOCOL}; null offers none. */
    public VoiceClientOptions withSubprotocol(String name) {
        VoiceClientOptions copy = copy();
        copy.subprotocol = name;
        return copy;
    }

    /** How many messages may wait to be sent before another is refused; default 256. */
    public VoiceClientOptions withMaxQueuedMessages(int count) {
        VoiceClientOptions copy = copy();
        copy.maxQueuedMessages = positive("maxQueuedMessages", count);
        return copy;
    }

    /** Whether one's own frames are played too; default no. */
    public VoiceClientOptions withOwnVoice(boolean heard) {
        VoiceClientOptions copy = copy();
        copy.ownVoice = heard;
        return copy;
    }

    /** Whether the ticks' hash chain is checked; default yes. */
    public VoiceClientOptions withChainChecked(boolean checked) {
        VoiceClientOptions copy = copy();
        copy.chainChecked = checked;
        return copy;
    }

    /** How long to wait before the first and at most before any later attempt to connect again; 250 ms and 30 s. */
    public VoiceClientOptions withBackoff(Duration min, Duration max) {
        if (min.isNegative() || min.isZero() || max.compareTo(min) < 0) {
            throw new IllegalArgumentException("backoff from " + min + " to " + max + " must be positive and grow");
        }
        VoiceClientOptions copy = copy();
        copy.minBackoff = min;
        copy.maxBackoff = max;
        return copy;
    }

    /** After how many failed attempts in a row to stop; 0, the default, never stops. */
    public VoiceClientOptions withMaxConnectAttempts(int count) {
        VoiceClientOptions copy = copy();
        copy.maxConnectAttempts = count;
        return copy;
    }

    /** How long to wait for {@code joined} and other answers; default 10 s. */
    public VoiceClientOptions withAnswerTimeout(Duration timeout) {
        VoiceClientOptions copy = copy();
        copy.answerTimeout = timeout;
        return copy;
    }

    /** After how much silence of the server to ask whether it is still there; default 2 min (the gateway ends at 10). */
    public VoiceClientOptions withKeepAlive(Duration interval) {
        VoiceClientOptions copy = copy();
        copy.keepAlive = interval;
        return copy;
    }

    private static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least 1");
        }
        return value;
    }

    /** Where to connect. */
    public URI uri() {
        return uri;
    }

    /** Null if none. */
    public String apiKey() {
        return apiKey;
    }

    /** Null if none. */
    public TokenSource tokens() {
        return tokens;
    }

    /** Null if none. */
    public TicketSource tickets() {
        return tickets;
    }

    /** Null if none is offered. */
    public String subprotocol() {
        return subprotocol;
    }

    /** {@link #withMaxQueuedMessages}. */
    public int maxQueuedMessages() {
        return maxQueuedMessages;
    }

    /** {@link #withOwnVoice}. */
    public boolean ownVoice() {
        return ownVoice;
    }

    /** {@link #withChainChecked}. */
    public boolean chainChecked() {
        return chainChecked;
    }

    /** The first of {@link #withBackoff}. */
    public Duration minBackoff() {
        return minBackoff;
    }

    /** The second of {@link #withBackoff}. */
    public Duration maxBackoff() {
        return maxBackoff;
    }

    /** {@link #withMaxConnectAttempts}. */
    public int maxConnectAttempts() {
        return maxConnectAttempts;
    }

    /** {@link #withAnswerTimeout}. */
    public Duration answerTimeout() {
        return answerTimeout;
    }

    /** {@link #withKeepAlive}. */
    public Duration keepAlive() {
        return keepAlive;
    }
}
