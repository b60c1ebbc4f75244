package io.parley.local.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.local.contract.Endpoint;
import io.parley.local.s3.S3Service;
import io.parley.local.ssm.SsmService;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.ssm.SsmClient;

class FaultSwitchTest {

    private static final String REGION = "eu-central-1";

    @TempDir
    Path folder;

    private final SsmService ssmService = new SsmService(Clock.systemUTC(), REGION);
    private final FaultSwitch ssmSwitch = new FaultSwitch(ssmService);
    private FaultSwitch s3Switch;
    private Endpoint endpoint;
    private SsmClient ssm;
    private S3Client s3;

    @BeforeEach
    void open() {
        ssmService.put("/name", "value");
        endpoint = Endpoint.local(vertx -> {
            S3Service s3Service = new S3Service(vertx, folder, Clock.systemUTC());
            s3Service.createBucket("bucket", REGION);
            s3Switch = new FaultSwitch(s3Service);
            return List.of(ssmSwitch, s3Switch);
        });
        ssm = endpoint.client(SsmClient.builder()
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(override -> override.retryStrategy(RetryMode.STANDARD)));
        s3 = endpoint.client(S3Client.builder()
                .httpClient(UrlConnectionHttpClient.create())
                .forcePathStyle(true)
                .overrideConfiguration(override -> override.retryStrategy(RetryMode.STANDARD)));
    }

    @AfterEach
    void close() {
        ssm.close();
        s3.close();
        endpoint.close();
    }

    private String value() {
        return ssm.getParameter(get -> get.name("/name")).parameter().value();
    }

    @Test
    void failsUntilItIsMendedAndOnlyItsOwnService() {
        assertThat(value()).isEqualTo("value");

        ssmSwitch.fail();
        assertThatThrownBy(this::value)
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        e -> assertThat(e.statusCode()).isEqualTo(500))
                .hasMessageContaining("ssm is switched off");
        assertThat(ssmSwitch.kept()).as("the SDK tries three times").isEqualTo(3);
        assertThat(s3.listBuckets().buckets()).hasSize(1);

        ssmSwitch.mend();
        assertThat(value()).isEqualTo("value");
        assertThat(ssmSwitch.kept()).isEqualTo(3);
    }

    @Test
    void failsInTheServicesOwnProtocol() {
        s3Switch.fail();

        assertThatThrownBy(s3::listBuckets).isInstanceOfSatisfying(AwsServiceException.class, e -> {
            assertThat(e.statusCode()).isEqualTo(500);
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InternalFailure");
        });
    }

    @Test
    void answersInTheServicesPlace() {
        ssmSwitch.answerInstead(request -> request.reply(
                EdgeRequest.object().set("Parameter", EdgeRequest.object().put("Value", "another"))));

        assertThat(value()).isEqualTo("another");
    }

    @Test
    void holdsTheRequestsItIsToldToUntilItIsMended() throws Exception {
        ssmService.put("/slow", "at last");
        CountDownLatch held = new CountDownLatch(1);
        ssmSwitch.hold(request -> {
            boolean slow = request.tree().path("Name").asText().equals("/slow");
            if (slow) {
                held.countDown();
            }
            return slow;
        });
        CompletableFuture<String> slow = CompletableFuture.supplyAsync(
                () -> ssm.getParameter(get -> get.name("/slow")).parameter().value());
        assertThat(held.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(value()).isEqualTo("value");
        assertThat(slow).isNotDone();
        assertThat(ssmSwitch.kept()).isEqualTo(1);

        ssmSwitch.mend();
        assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo("at last");
    }
}
