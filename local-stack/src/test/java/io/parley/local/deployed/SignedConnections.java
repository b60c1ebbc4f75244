package io.parley.local.deployed;

import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import io.parley.local.edge.EdgeService;
import io.parley.local.gateway.ConnectionsService;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

/**
 * {@code @connections} of the deployed API: lets a call through to the gateway's connections if it is signed by SigV4
 * with a role's secret, and if that role's policy as deployed allows {@code execute-api:ManageConnections} on just that.
 */
final class SignedConnections implements EdgeService {

    private static final Pattern AUTHORIZATION = Pattern.compile(
            "AWS4-HMAC-SHA256 Credential=([^/]+)/\\d{8}/[^/]+/execute-api/aws4_request, SignedHeaders=([^,]+), .+");
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX").withZone(ZoneOffset.UTC);

    private final Vertx vertx;
    private final ConnectionsService connections;
    private final String apiArn;
    private final Map<String, Role> roles = new ConcurrentHashMap<>();

    private final List<Call> calls = new CopyOnWriteArrayList<>();

    private record Role(Principal principal, RolePolicy policy) {}

    /** What was let through. */
    record Call(String role, String method, String connection) {}

    /** @param apiArn {@code arn:aws:execute-api:REGION:ACCOUNT:API} */
    SignedConnections(Vertx vertx, ConnectionsService connections, String apiArn) {
        this.vertx = vertx;
        this.connections = connections;
        this.apiArn = apiArn;
    }

    void admit(Principal principal, RolePolicy policy) {
        roles.put(principal.credentials().accessKeyId(), new Role(principal, policy));
    }

    /** All calls that were let through, in the order in which they came. */
    List<Call> calls() {
        return List.copyOf(calls);
    }

    @Override
    public String signingName() {
        return connections.signingName();
    }

    @Override
    public void handle(EdgeRequest request) {
        vertx.executeBlocking(
                        () -> {
                            check(request);
                            return request;
                        },
                        false)
                .onSuccess(connections::handle)
                .onFailure(request::fail);
    }

    private void check(EdgeRequest request) throws Exception {
        HttpServerRequest http = request.http();
        String authorization = http.getHeader("Authorization");
        Matcher parts = AUTHORIZATION.matcher(authorization);
        if (!parts.matches() || !roles.containsKey(parts.group(1))) {
            throw new AwsException(403, "UnrecognizedClientException", "nobody has that key: " + authorization);
        }
        Role role = roles.get(parts.group(1));
        if (!signed(request, parts.group(2), role.principal()).equals(authorization)) {
            throw new AwsException(
                    403,
                    "InvalidSignatureException",
                    "not signed by " + role.principal().name());
        }
        // /STAGE/@connections/ID is the resource API/STAGE/METHOD/@connections/ID.
        String[] path = URLDecoder.decode(http.path(), StandardCharsets.UTF_8).split("/", 3);
        String resource = apiArn + "/" + path[1] + "/" + http.method() + "/" + path[2];
        if (!role.policy().allows("execute-api:ManageConnections", resource)) {
            throw new AwsException(
                    403, "AccessDeniedException", role.principal().name() + " may not on " + resource);
        }
        calls.add(new Call(role.principal().name(), http.method().name(), path[2].substring(path[2].indexOf('/') + 1)));
    }

    /** The header Authorization of the same request, signed with that secret. */
    private static String signed(EdgeRequest request, String signedHeaders, Principal by) {
        HttpServerRequest http = request.http();
        SdkHttpRequest.Builder copy = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(http.method().name()))
                .protocol("http")
                .host(http.authority().host())
                .port(http.authority().port())
                .encodedPath(http.path());
        for (String header : signedHeaders.split(";")) {
            copy.putHeader(header, http.getHeader(header));
        }
        Instant date = Instant.from(DATE.parse(http.getHeader("X-Amz-Date")));
        return AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(by.credentials())
                        .request(copy.build())
                        .payload(ContentStreamProvider.fromByteArray(
                                request.body().getBytes()))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "execute-api")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, by.region().id())
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(date, ZoneOffset.UTC)))
                .request()
                .firstMatchingHeader("Authorization")
                .orElseThrow();
    }
}
