package io.parley.local.gateway;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One deployed stage of a WebSocket API.
 *
 * @param domainName in events; on AWS {@code {apiId}.execute-api.{region}.amazonaws.com}
 * @param port on 127.0.0.1; 0 takes a free one
 * @param routes route key to function; {@code $connect}, {@code $disconnect} and {@code $default} may be missing
 * @param authorizer Lambda REQUEST authorizer of {@code $connect}; null for none
 * @param apiKeyRequired whether {@code $connect} needs an API key: the authorizer's {@code usageIdentifierKey}, or the
 *     {@code x-api-key} header where there is no authorizer (API key source AUTHORIZER or HEADER)
 * @param apiKeys API key to the name it is counted under
 * @param throttle for upgrades and messages of the whole stage
 * @param managementThrottle for {@code @connections}; null for none
 * @param allowedOrigins values of the Origin header that may connect; clients without one always may. Not a feature of
 *     API Gateway, but what keeps any web page from the loopback port
 * @param impairment of the way from client to gateway
 * @param dropDisconnects connection ids whose {@code $disconnect} is never delivered, as best effort allows
 */
public record GatewayOptions(
        String apiId,
        String stage,
        String region,
        String accountId,
        String domainName,
        int port,
        Map<String, RouteFunction> routes,
        RouteFunction authorizer,
        boolean apiKeyRequired,
        Map<String, String> apiKeys,
        Throttle throttle,
        Throttle managementThrottle,
        GatewayLimits limits,
        Set<String> allowedOrigins,
        Impairment impairment,
        Predicate<String> dropDisconnects) {

    public static final String CONNECT = "$connect";
    public static final String DISCONNECT = "$disconnect";
    public static final String DEFAULT = "$default";

    /** The routes whose messages an {@link Impairment} touches: those that carry audio. */
    static final Set<String> IMPAIRED_ROUTES = Set.of("sendaudio", "audio");

    public GatewayOptions {
        if (!stage.matches("[A-Za-z0-9_-]{1,128}")) {
            throw new IllegalArgumentException(
                    "stage '" + stage + "': a stage's name is 1 to 128 of letters, digits, '-' and '_'");
        }
        routes = Map.copyOf(routes);
        apiKeys = Map.copyOf(apiKeys);
        allowedOrigins = Set.copyOf(allowedOrigins);
    }

    public static Builder builder(String apiId, String stage) {
        return new Builder(apiId, stage);
    }

    /** Everything that has a default: API Gateway's quotas, no authorizer, no keys, no origin, no impairment. */
    public static final class Builder {

        private final String apiId;
        private final String stage;
        private String region = "eu-central-1";
        private String accountId = "000000000000";
        private String domainName;
        private int port;
        private final Map<String, RouteFunction> routes = new HashMap<>();
        private RouteFunction authorizer;
        private boolean apiKeyRequired;
        private final Map<String, String> apiKeys = new HashMap<>();
        private Throttle throttle = Throttle.accountDefault();
        private Throttle managementThrottle;
        private GatewayLimits limits = GatewayLimits.ofApiGateway();
        private final Set<String> allowedOrigins = new HashSet<>();
        private Impairment impairment = Impairment.NONE;
        private Predicate<String> dropDisconnects = id -> false;

        private Builder(String apiId, String stage) {
            this.apiId = apiId;
            this.stage = stage;
        }

        public Builder region(String region) {
            this.region = region;
            return this;
        }

        public Builder accountId(String accountId) {
            this.accountId = accountId;
            return this;
        }

        public Builder domainName(String domainName) {
            this.domainName = domainName;
            return this;
        }

        public Builder port(int port) {
            this.port = port;
            return this;
        }

        public Builder route(String routeKey, RouteFunction function) {
            routes.put(routeKey, function);
            return this;
        }

        public Builder authorizer(RouteFunction authorizer) {
            this.authorizer = authorizer;
            return this;
        }

        /** Makes {@code $connect} need an API key. */
        public Builder apiKeyRequired() {
            this.apiKeyRequired = true;
            return this;
        }

        public Builder apiKey(String name, String key) {
            apiKeys.put(key, name);
            return this;
        }

        public Builder throttle(Throttle throttle) {
            this.throttle = throttle;
            return this;
        }

        public Builder managementThrottle(Throttle managementThrottle) {
            this.managementThrottle = managementThrottle;
            return this;
        }

        public Builder limits(GatewayLimits limits) {
            this.limits = limits;
            return this;
        }

        public Builder allowedOrigin(String origin) {
            allowedOrigins.add(origin);
            return this;
        }

        public Builder impairment(Impairment impairment) {
            this.impairment = impairment;
            return this;
        }

        public Builder dropDisconnects(Predicate<String> dropDisconnects) {
            this.dropDisconnects = dropDisconnects;
            return this;
        }

        public GatewayOptions build() {
            String domain = domainName == null ? apiId + ".execute-api." + region + ".amazonaws.com" : domainName;
            return new GatewayOptions(
                    apiId,
                    stage,
                    region,
                    accountId,
                    domain,
                    port,
                    routes,
                    authorizer,
                    apiKeyRequired,
                    apiKeys,
                    throttle,
                    managementThrottle,
                    limits,
                    allowedOrigins,
                    impairment,
                    dropDisconnects);
        }
    }
}
