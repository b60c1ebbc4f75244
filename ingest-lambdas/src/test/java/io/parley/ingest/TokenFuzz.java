package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Tokens, also in the place of tickets: garbage, and the good one with another header, claims or signature. */
class TokenFuzz {

    private static Issuer issuer;
    private static TokenVerifier verifier;
    private static TicketVerifier tickets;
    private static String[] good;

    @BeforeAll
    static void start() throws IOException {
        issuer = new Issuer(new MovableClock());
        // No network: it would be the slower part, and time out on a busy machine.
        verifier = issuer.verifierOffline();
        tickets = new TicketVerifier("parley", VerificationKeys.ofTickets(newTicketKeys()), new MovableClock());
        good = issuer.token().split("\\.");
    }

    private static String newTicketKeys() {
        try {
            return new JWKSet(new ECKeyGenerator(Curve.P_256)
                            .keyID("k1")
                            .generate()
                            .toPublicJWK())
                    .toString();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterAll
    static void stop() {
        issuer.close();
    }

    @FuzzTest(maxDuration = "8s")
    void whatTheIssuerDidNotSignIsRefusedAndNothingElseHappens(FuzzedDataProvider data) {
        String token;
        switch (data.consumeInt(0, 3)) {
            case 0:
                token = data.consumeRemainingAsString();
                break;
            case 1: // another header over what the issuer signed
                token = encode(data) + "." + good[1] + "." + good[2];
                break;
            case 2: // other claims
                token = good[0] + "." + encode(data) + "." + good[2];
                break;
            default:
                token = good[0] + "." + good[1] + "." + encode(data);
                break;
        }
        if (token.equals(String.join(".", good))) {
            assertThat(verifier.verify(token).participant()).isNotEmpty();
            return;
        }
        assertThatThrownBy(() -> verifier.verify(token)).isInstanceOf(Unauthorized.class);
        assertThatThrownBy(() -> tickets.verify(token, "ann", "lobby"))
                .isInstanceOfSatisfying(
                        ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TICKET_INVALID));
    }

    private static String encode(FuzzedDataProvider data) {
        return Base64URL.encode(data.consumeRemainingAsString()).toString();
    }
}
