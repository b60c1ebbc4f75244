package io.parley.local.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.local.contract.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.StsException;

class LocalStsContractTest extends StsContractTest {

    @Override
    Endpoint open() {
        return Endpoint.local(vertx -> List.of(new StsEndpoint("000000000000")));
    }

    @Test
    void givesOutNoCredentials() {
        try (Endpoint endpoint = open();
                StsClient sts = endpoint.client(StsClient.builder().httpClient(UrlConnectionHttpClient.create()))) {
            assertThatThrownBy(sts::getSessionToken)
                    .isInstanceOfSatisfying(
                            StsException.class,
                            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidAction"));
        }
    }
}
