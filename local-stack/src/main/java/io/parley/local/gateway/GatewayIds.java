package io.parley.local.gateway;

import java.util.Base64;
import java.util.random.RandomGenerator;

/** Connection, request and message ids as API Gateway's look: eleven bytes in URL-safe base64, so always with '='. */
final class GatewayIds {

    private final RandomGenerator random;

    GatewayIds(RandomGenerator random) {
        this.random = random;
    }

    String next() {
        byte[] bytes = new byte[11];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }
}
