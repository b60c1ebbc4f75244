package io.parley.local.contract;

import org.junit.jupiter.api.AfterAll;
import software.amazon.awssdk.core.SdkSystemSetting;

/** moto's Kinesis speaks JSON only; the SDK asks this setting as it makes a client. */
class MotoPortsContractTest extends PortsContractTest {

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
