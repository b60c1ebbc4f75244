package io.parley.local.ssm;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.local.contract.Endpoint;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.ssm.SsmAsyncClient;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/** With the sentences that moto does not hold to, or that are ours alone. */
class LocalSsmContractTest extends SsmContractTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00.250Z");

    private final SsmService service = new SsmService(Clock.fixed(NOW, ZoneOffset.UTC));

    @Override
    Endpoint open() {
        return Endpoint.local(vertx -> List.of(service));
    }

    @Test
    void takesTheTimeFromItsClock() {
        put(path, ParameterType.STRING, "value");

        assertThat(get(path).lastModifiedDate()).isEqualTo(NOW);
    }

    @Test
    void servesAnAsynchronousClientWhatWasPutAtStartUp() {
        service.put(path, "one");
        service.put(path, "two");

        try (SsmAsyncClient async =
                endpoint.client(SsmAsyncClient.builder().httpClient(NettyNioAsyncHttpClient.create()))) {
            assertThat(async.getParameter(get -> get.name(path))
                            .join()
                            .parameter()
                            .value())
                    .isEqualTo("two");
        }
    }

    /** The page "Managing parameter tiers": 4 KB, with the advanced tier 8 KB. */
    @Test
    void refusesValuesThatAreTooLong() {
        put(path, ParameterType.STRING, "x".repeat(4096));
        assertValidation(() -> put(path + "/2", ParameterType.STRING, "x".repeat(4097)));
        ssm.putParameter(
                put -> put.name(path + "/3").type("String").tier("Advanced").value("x".repeat(8192)));
    }

    @Test
    void namesWhatItDoesNotSupport() {
        assertValidation(() -> ssm.describeParameters());
        assertValidation(() ->
                ssm.putParameter(put -> put.name(path).type("String").value("v").policies("[]")));
        put(path, ParameterType.STRING, "value");
        assertValidation(() -> get(path + ":a-label"));
    }

    /** moto takes any number. */
    @Test
    void refusesMoreThanTenNames() {
        assertValidation(() -> ssm.getParameters(
                get -> get.names(IntStream.range(0, 11).mapToObj(i -> "n" + i).toList())));
    }

    /** The page "Creating Parameter Store parameters"; moto takes it. */
    @Test
    void refusesAPathThatDoesNotBeginAtTheRoot() {
        assertValidation(() -> put("relative/name", ParameterType.STRING, "value"));
    }
}
