package io.parley.local.deployed;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Somebody who calls the emulator, by name of the role or user. */
record Principal(String name, URI endpoint, Region region, AwsCredentials credentials) {

    /** The emulator's Kinesis speaks JSON only; the SDK asks this setting as it makes a client. */
    static final String WITHOUT_CBOR = SdkSystemSetting.CBOR_ENABLED.property();

    <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
        builder.endpointOverride(endpoint)
                .region(region)
                .credentialsProvider(StaticCredentialsProvider.create(credentials));
        if (builder instanceof S3ClientBuilder s3) {
            s3.forcePathStyle(true);
        }
        return builder.build();
    }

    /** As Lambda gives a function its region, and the credentials of its role. */
    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_REGION", region.id());
        environment.put("AWS_ACCESS_KEY_ID", credentials.accessKeyId());
        environment.put("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey());
        if (credentials instanceof AwsSessionCredentials session) {
            environment.put("AWS_SESSION_TOKEN", session.sessionToken());
        }
        return environment;
    }

    Principal withSecret(String secret) {
        return new Principal(
                name,
                endpoint,
                region,
                AwsSessionCredentials.create(
                        credentials.accessKeyId(), secret, ((AwsSessionCredentials) credentials).sessionToken()));
    }
}
