package io.parley.aws;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kms.KmsAsyncClient;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * Makes the SDK's clients from an environment, which need not be that of the process: the local stack gives each
 * function its own.
 *
 * <p>Read are AWS_REGION (or AWS_DEFAULT_REGION), AWS_ENDPOINT_URL, and AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
 * AWS_SESSION_TOKEN; what is missing is looked for where the SDK looks by default. All clients share one HTTP client
 * ({@link IoThreads}) and none needs to be closed. They try a call a second time at most, and only because a kept
 * connection may turn out to be closed; nothing here outlives the moment at which a voice is still worth hearing.
 */
public final class AwsClients {

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofMillis(1_500);
    private static final Duration OBJECT_CALL_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration OBJECT_ATTEMPT_TIMEOUT = Duration.ofSeconds(5);

    private final Region region;
    private final URI endpoint;
    private final AwsCredentialsProvider credentials;

    private AwsClients(Region region, URI endpoint, AwsCredentialsProvider credentials) {
        this.region = region;
        this.endpoint = endpoint;
        this.credentials = credentials;
    }

    public static AwsClients from(Map<String, String> environment) {
        String region = environment.getOrDefault("AWS_REGION", environment.get("AWS_DEFAULT_REGION"));
        String endpoint = environment.get("AWS_ENDPOINT_URL");
        return new AwsClients(
                region == null ? null : Region.of(region),
                endpoint == null || endpoint.isBlank() ? null : URI.create(endpoint),
                credentials(environment));
    }

    private static AwsCredentialsProvider credentials(Map<String, String> environment) {
        String id = environment.get("AWS_ACCESS_KEY_ID");
        String secret = environment.get("AWS_SECRET_ACCESS_KEY");
        if (id == null || secret == null) {
            return DefaultCredentialsProvider.builder().build();
        }
        String token = environment.get("AWS_SESSION_TOKEN");
        AwsCredentials fixed = token == null || token.isBlank()
                ? AwsBasicCredentials.create(id, secret)
                : AwsSessionCredentials.create(id, secret, token);
        return StaticCredentialsProvider.create(fixed);
    }

    public KinesisAsyncClient kinesis() {
        return build(KinesisAsyncClient.builder(), 2, ATTEMPT_TIMEOUT, CALL_TIMEOUT);
    }

    public DynamoDbAsyncClient dynamoDb() {
        // Nothing on the live path waits for a second attempt; a transaction is idempotent by the SDK's token.
        return build(DynamoDbAsyncClient.builder(), 3, ATTEMPT_TIMEOUT, Duration.ofSeconds(5));
    }

    public EventBridgeAsyncClient eventBridge() {
        return build(EventBridgeAsyncClient.builder(), 2, ATTEMPT_TIMEOUT, CALL_TIMEOUT);
    }

    public KmsAsyncClient kms() {
        return build(KmsAsyncClient.builder(), 2, ATTEMPT_TIMEOUT, CALL_TIMEOUT);
    }

    /**
     * Envelopes authenticate themselves, so S3's own checksums are left out, and with them a second pass over each. An
     * object is small, so it is sent without asking first whether it may come, which would be a round trip for each.
     */
    public S3AsyncClient s3() {
        return configure(
                        S3AsyncClient.builder()
                                .forcePathStyle(endpoint != null)
                                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                                .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false)),
                        2,
                        OBJECT_ATTEMPT_TIMEOUT,
                        OBJECT_CALL_TIMEOUT,
                        new WithoutExpect())
                .build();
    }

    /** Never tries twice: a tick that comes late is not wanted. */
    public LambdaAsyncClient lambda(Duration timeout) {
        return build(LambdaAsyncClient.builder(), 1, timeout, timeout);
    }

    /**
     * Never tries twice: its user knows the deadline.
     *
     * @param callbackUrl of the deployed stage, {@code https://api.execute-api.region.amazonaws.com/stage}
     */
    public ApiGatewayManagementApiAsyncClient gatewayManagement(URI callbackUrl, Duration timeout) {
        return configure(ApiGatewayManagementApiAsyncClient.builder(), 1, timeout, timeout)
                .endpointOverride(callbackUrl)
                .build();
    }

    private <B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C> C build(
            B builder, int maxAttempts, Duration attemptTimeout, Duration callTimeout) {
        return configure(builder, maxAttempts, attemptTimeout, callTimeout).build();
    }

    private <B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C> B configure(
            B builder,
            int maxAttempts,
            Duration attemptTimeout,
            Duration callTimeout,
            ExecutionInterceptor... interceptors) {
        RetryStrategy retries = maxAttempts == 1
                ? AwsRetryStrategy.doNotRetry()
                : AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(maxAttempts)
                        .backoffStrategy(BackoffStrategy.exponentialDelay(Duration.ofMillis(10), Duration.ofMillis(50)))
                        .throttlingBackoffStrategy(
                                BackoffStrategy.exponentialDelay(Duration.ofMillis(50), Duration.ofMillis(200)))
                        .build();
        builder.credentialsProvider(credentials)
                .httpClient(IoThreads.httpClient())
                // Completing on the I/O thread saves a change of threads for each call.
                .asyncConfiguration(async ->
                        async.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
                .overrideConfiguration(override -> override.retryStrategy(retries)
                        .apiCallAttemptTimeout(attemptTimeout)
                        .apiCallTimeout(callTimeout)
                        .scheduledExecutorService(IoThreads.timer())
                        .executionInterceptors(List.of(interceptors)));
        if (region != null) {
            builder.region(region);
        }
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        return builder;
    }

    /** Takes away {@code Expect: 100-continue}, which the SDK sets for every object. */
    private static final class WithoutExpect implements ExecutionInterceptor {
        @Override
        public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
            return context.httpRequest().toBuilder().removeHeader("Expect").build();
        }
    }
}
