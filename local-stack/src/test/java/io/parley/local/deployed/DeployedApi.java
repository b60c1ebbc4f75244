package io.parley.local.deployed;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.apigateway.ApiGatewayClient;
import software.amazon.awssdk.services.apigatewayv2.ApiGatewayV2Client;
import software.amazon.awssdk.services.apigatewayv2.model.Route;

/**
 * The WebSocket API as Terraform deployed it.
 *
 * @param apiKey the one of the stage's usage plan
 * @param authorizer ARN of the alias that authorizes {@code $connect}
 * @param routes route keys to the ARN of the alias that they invoke
 */
record DeployedApi(String id, String stage, String apiKey, String authorizer, Map<String, String> routes) {

    private static final Pattern INVOKED =
            Pattern.compile("arn:aws:apigateway:[^:]+:lambda:path/2015-03-31/functions/(.+)/invocations");

    static DeployedApi of(String id, Principal admin) {
        try (ApiGatewayV2Client gateway = admin.client(ApiGatewayV2Client.builder());
                ApiGatewayClient keys = admin.client(ApiGatewayClient.builder())) {
            String stage =
                    gateway.getStages(get -> get.apiId(id)).items().get(0).stageName();
            String authorizer = null;
            Map<String, String> routes = new HashMap<>();
            for (Route route : gateway.getRoutes(get -> get.apiId(id)).items()) {
                String integration = route.target().replace("integrations/", "");
                routes.put(
                        route.routeKey(),
                        invoked(gateway.getIntegration(get -> get.apiId(id).integrationId(integration))
                                .integrationUri()));
                if (route.routeKey().equals("$connect")) {
                    authorizer =
                            invoked(gateway.getAuthorizer(get -> get.apiId(id).authorizerId(route.authorizerId()))
                                    .authorizerUri());
                }
            }
            String plan = keys.getUsagePlans().items().stream()
                    .filter(candidate -> candidate.apiStages().stream()
                            .anyMatch(of -> of.apiId().equals(id) && of.stage().equals(stage)))
                    .findFirst()
                    .orElseThrow()
                    .id();
            String apiKey = keys.getUsagePlanKeys(get -> get.usagePlanId(plan))
                    .items()
                    .get(0)
                    .id();
            String value =
                    keys.getApiKey(get -> get.apiKey(apiKey).includeValue(true)).value();
            return new DeployedApi(id, stage, value, authorizer, Map.copyOf(routes));
        }
    }

    private static String invoked(String uri) {
        Matcher parts = INVOKED.matcher(uri);
        if (!parts.matches()) {
            throw new AssertionError("not the invocation of a Lambda: " + uri);
        }
        return parts.group(1);
    }
}
