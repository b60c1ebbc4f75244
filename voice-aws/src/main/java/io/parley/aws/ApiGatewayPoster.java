package io.parley.aws;

import io.parley.core.port.ConnectionPoster;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.DeleteConnectionRequest;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.PostToConnectionRequest;

/**
 * Posts through API Gateway's @connections. Its stages never fail: what goes wrong is an outcome. ("Use @connections
 * commands in your backend service", and the error list of PostToConnection.)
 */
public final class ApiGatewayPoster implements ConnectionPoster {

    private final ApiGatewayManagementApiAsyncClient gateway;

    public ApiGatewayPoster(ApiGatewayManagementApiAsyncClient gateway) {
        this.gateway = Objects.requireNonNull(gateway);
    }

    @Override
    public CompletionStage<Outcome> post(String connection, byte[] text) {
        return outcome(gateway.postToConnection(PostToConnectionRequest.builder()
                .connectionId(connection)
                .data(SdkBytes.fromByteArrayUnsafe(text))
                .build()));
    }

    @Override
    public CompletionStage<Outcome> close(String connection) {
        return outcome(gateway.deleteConnection(
                DeleteConnectionRequest.builder().connectionId(connection).build()));
    }

    private static CompletionStage<Outcome> outcome(CompletableFuture<?> call) {
        return call.handle((answer, failure) -> failure == null ? Outcome.POSTED : outcome(failure));
    }

    static Outcome outcome(Throwable failure) {
        Throwable cause = ServiceFailure.cause(failure);
        int status = cause instanceof AwsServiceException ? ((AwsServiceException) cause).statusCode() : 0;
        switch (status) {
            case 410:
                return Outcome.GONE;
            case 413:
                return Outcome.TOO_LARGE;
            case 429:
                return Outcome.THROTTLED;
            default:
                return Outcome.FAILED;
        }
    }
}
