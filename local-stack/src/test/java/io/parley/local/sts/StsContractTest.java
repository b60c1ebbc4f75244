package io.parley.local.sts;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.local.contract.Endpoint;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.sts.StsClient;

abstract class StsContractTest {

    abstract Endpoint open();

    @Test
    void saysWhoseAccountThisIs() {
        try (Endpoint endpoint = open();
                StsClient sts = endpoint.client(StsClient.builder().httpClient(UrlConnectionHttpClient.create()))) {
            var identity = sts.getCallerIdentity();

            assertThat(identity.account()).matches("\\d{12}");
            assertThat(identity.arn()).matches("arn:aws:(iam|sts)::" + identity.account() + ":user/.+");
            assertThat(identity.userId()).isNotBlank();
        }
    }
}
