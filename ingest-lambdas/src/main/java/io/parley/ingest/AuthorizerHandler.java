package io.parley.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayCustomAuthorizerEvent;
import com.amazonaws.services.lambda.runtime.events.IamPolicyResponseV1;
import com.amazonaws.services.lambda.runtime.events.IamPolicyResponseV1.PolicyDocument;
import com.amazonaws.services.lambda.runtime.events.IamPolicyResponseV1.Statement;
import io.parley.ingest.Admission.Decision;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * The REQUEST authorizer of {@code $connect}: who connects, and whether. Throws {@code Unauthorized}, which the gateway
 * answers with 401; a policy that denies is answered with 403 ("Output from an API Gateway Lambda authorizer").
 *
 * <p>Later events of the connection carry the context: {@code participant}, and {@code tokenExpiresAt} in milliseconds;
 * or {@code client} = {@code seed} for one of the original protocol, whose participant follows from the connection.
 */
public final class AuthorizerHandler implements RequestHandler<APIGatewayCustomAuthorizerEvent, IamPolicyResponseV1> {

    /** The very words that API Gateway turns into 401. */
    private static final String UNAUTHORIZED = "Unauthorized";

    private final Admission admission;
    private final IngestMetrics metrics;

    public AuthorizerHandler() {
        this(IngestParts.ofThisProcess(Clock.systemUTC()));
    }

    public AuthorizerHandler(Map<String, String> environment, Clock clock) {
        this(new IngestParts(environment, clock));
    }

    /** For whoever wants to look at what it counts. */
    public AuthorizerHandler(Map<String, String> environment, Clock clock, IngestMetrics metrics) {
        this(new IngestParts(environment, clock, metrics));
    }

    private AuthorizerHandler(IngestParts parts) {
        this(parts.admission(), parts.metrics());
    }

    AuthorizerHandler(Admission admission, IngestMetrics metrics) {
        this.admission = admission;
        this.metrics = metrics;
    }

    @Override
    public IamPolicyResponseV1 handleRequest(APIGatewayCustomAuthorizerEvent event, Context context) {
        Decision decision;
        try {
            decision = admission.decide(event.getHeaders(), event.getQueryStringParameters());
        } catch (Unauthorized e) {
            throw new RuntimeException(UNAUTHORIZED);
        } finally {
            metrics.report();
        }
        return policy(decision, event.getMethodArn());
    }

    private static IamPolicyResponseV1 policy(Decision decision, String methodArn) {
        Statement statement = decision.isAllowed()
                ? IamPolicyResponseV1.allowStatement(methodArn)
                : IamPolicyResponseV1.denyStatement(methodArn);
        return IamPolicyResponseV1.builder()
                .withPrincipalId(principal(decision))
                .withPolicyDocument(PolicyDocument.builder()
                        .withVersion(IamPolicyResponseV1.VERSION_2012_10_17)
                        .withStatement(List.of(statement))
                        .build())
                .withContext(context(decision))
                .withUsageIdentifierKey(decision.apiKey())
                .build();
    }

    private static String principal(Decision decision) {
        if (decision.seed()) {
            return Sender.SEED;
        }
        return decision.isAllowed() ? decision.token().participant() : "nobody";
    }

    private static Map<String, Object> context(Decision decision) {
        if (decision.seed()) {
            return Map.of(Sender.CLIENT, Sender.SEED);
        }
        return decision.isAllowed()
                ? Map.of(
                        Sender.PARTICIPANT,
                        decision.token().participant(),
                        Sender.TOKEN_EXPIRES_AT,
                        String.valueOf(decision.token().expiresAtMs()))
                : Map.of();
    }
}
