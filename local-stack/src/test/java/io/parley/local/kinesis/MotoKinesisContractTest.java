package io.parley.local.kinesis;

import io.parley.local.contract.Endpoint;
import org.junit.jupiter.api.AfterAll;
import software.amazon.awssdk.core.SdkSystemSetting;

/** moto speaks JSON only; the SDK asks this setting as it makes a client. */
class MotoKinesisContractTest extends KinesisContractTest {

    private static final String CBOR = SdkSystemSetting.CBOR_ENABLED.property();

    @Override
    Endpoint open() {
        System.setProperty(CBOR, "false");
        return Endpoint.moto();
    }

    @AfterAll
    static void speakCborAgain() {
        System.clearProperty(CBOR);
    }
}
