package io.parley.local.gateway;

import java.time.Duration;

/**
 * How long a connection and an integration may take, and how much one connection may hold up.
 *
 * @param idleTimeout no message in either direction for so long closes with 1001
 * @param maxDuration no connection lives longer; closes with 1001
 * @param integrationTimeout for the authorizer and every route's function
 * @param maxPendingMessages messages of one connection that are with a function (or delayed by an impairment) before
 *     the gateway stops reading from its socket; a bound of ours, on AWS the account's Lambda concurrency is one
 * @param maxQueuedBytes bytes waiting for one client's socket before a post is answered with 429
 */
public record GatewayLimits(
        Duration idleTimeout,
        Duration maxDuration,
        Duration integrationTimeout,
        int maxPendingMessages,
        int maxQueuedBytes) {

    public GatewayLimits {
        requirePositive("idle timeout", idleTimeout.toMillis());
        requirePositive("maximum duration", maxDuration.toMillis());
        requirePositive("integration timeout", integrationTimeout.toMillis());
        requirePositive("pending messages", maxPendingMessages);
        requirePositive("queued bytes", maxQueuedBytes);
    }

    /** "Quotas for configuring and running a WebSocket API in API Gateway"; the two bounds are ours. */
    public static GatewayLimits ofApiGateway() {
        return new GatewayLimits(Duration.ofMinutes(10), Duration.ofHours(2), Duration.ofSeconds(29), 64, 512 * 1024);
    }

    private static void requirePositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("gateway limits: " + name + " is " + value + "; it must be 1 or more");
        }
    }
}
