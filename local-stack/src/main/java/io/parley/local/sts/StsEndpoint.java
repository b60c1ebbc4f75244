package io.parley.local.sts;

import io.parley.local.edge.EdgeRequest;
import io.parley.local.edge.EdgeService;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * STS GetCallerIdentity, with which the AWS CLI and Terraform ask whose account they see. Whoever calls is the same
 * local user; no credentials are given out. STS speaks the AWS query protocol: a form in, XML out.
 */
public final class StsEndpoint implements EdgeService {

    private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
    private static final Pattern ACTION = Pattern.compile("(?:^|&)Action=([A-Za-z]+)(?:&|$)");

    private final String accountId;

    public StsEndpoint(String accountId) {
        this.accountId = accountId;
    }

    @Override
    public String signingName() {
        return "sts";
    }

    @Override
    public void handle(EdgeRequest request) {
        String action = action(request);
        if (action.equals("GetCallerIdentity")) {
            answer(request, 200, """
                    <GetCallerIdentityResponse xmlns="%s">
                      <GetCallerIdentityResult>
                        <Arn>arn:aws:iam::%s:user/local</Arn>
                        <UserId>AIDALOCALLOCALLOCAL00</UserId>
                        <Account>%s</Account>
                      </GetCallerIdentityResult>
                      <ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata>
                    </GetCallerIdentityResponse>
                    """.formatted(NAMESPACE, accountId, accountId, request.requestId()));
        } else {
            answer(request, 400, """
                    <ErrorResponse xmlns="%s">
                      <Error>
                        <Type>Sender</Type>
                        <Code>InvalidAction</Code>
                        <Message>the local STS does not serve the action '%s'</Message>
                      </Error>
                      <RequestId>%s</RequestId>
                    </ErrorResponse>
                    """.formatted(NAMESPACE, action, request.requestId()));
        }
    }

    /** From the body, or from the query of a presigned call; empty where there is none. */
    private static String action(EdgeRequest request) {
        HttpServerRequest http = request.http();
        String form = request.body().length() > 0
                ? request.body().toString(StandardCharsets.UTF_8)
                : http.query() == null ? "" : http.query();
        Matcher action = ACTION.matcher(form);
        return action.find() ? action.group(1) : "";
    }

    private static void answer(EdgeRequest request, int status, String xml) {
        request.response()
                .setStatusCode(status)
                .putHeader("x-amzn-RequestId", request.requestId())
                .putHeader("Content-Type", "text/xml")
                .end(xml);
    }
}
