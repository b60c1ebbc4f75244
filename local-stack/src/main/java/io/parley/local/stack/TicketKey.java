package io.parley.local.stack;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.text.ParseException;
import java.util.Base64;

/** The private key with which a game's backend signs room tickets (docs/tickets.md). Immutable. */
public final class TicketKey {

    private static final String PKCS8_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String PKCS8_END = "-----END PRIVATE KEY-----";

    private final String id;
    private final ECPrivateKey privateKey;
    // Null where the key came from a PEM file, which has the private half alone.
    private final ECKey jwk;

    private TicketKey(String id, ECPrivateKey privateKey, ECKey jwk) {
        this.id = id;
        this.privateKey = privateKey;
        this.jwk = jwk;
    }

    /** A new key pair. */
    public static TicketKey generate(String id) {
        try {
            return of(new ECKeyGenerator(Curve.P_256)
                    .keyID(id)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .generate());
        } catch (JOSEException e) {
            throw new IllegalStateException("this JVM makes no EC keys", e);
        }
    }

    /**
     * Reads a JWK, or a PEM file of PKCS #8.
     *
     * @param id the {@code kid} where the file has none; null to insist on the file's
     */
    public static TicketKey read(Path file, String id) throws IOException {
        String text = Files.readString(file).trim();
        return text.startsWith("{") ? ofJwk(file, text, id) : ofPem(file, text, id);
    }

    private static TicketKey ofJwk(Path file, String text, String id) {
        ECKey key;
        try {
            key = ECKey.parse(text);
        } catch (ParseException e) {
            throw new IllegalArgumentException(file + " is no JWK of an EC key: ./parley ticket-key makes one");
        }
        if (!key.isPrivate() || !Curve.P_256.equals(key.getCurve())) {
            throw new IllegalArgumentException(file + " has no private key of curve P-256, as ES256 asks");
        }
        if (id != null) {
            key = new ECKey.Builder(key).keyID(id).build();
        }
        if (key.getKeyID() == null) {
            throw new IllegalArgumentException(file + " has no kid: name it with --kid");
        }
        return of(key);
    }

    private static TicketKey ofPem(Path file, String text, String id) {
        if (!text.startsWith(PKCS8_BEGIN) || !text.endsWith(PKCS8_END)) {
            throw new IllegalArgumentException(file + " is neither a JWK nor a PEM file that begins with '"
                    + PKCS8_BEGIN + "': convert it with openssl pkcs8 -topk8 -nocrypt");
        }
        if (id == null) {
            throw new IllegalArgumentException(file + " is a PEM file, which has no kid: name it with --kid");
        }
        String base64 = text.substring(PKCS8_BEGIN.length(), text.length() - PKCS8_END.length());
        try {
            ECPrivateKey key = (ECPrivateKey) KeyFactory.getInstance("EC")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
            if (!Curve.P_256.equals(Curve.forECParameterSpec(key.getParams()))) {
                throw new IllegalArgumentException(file + " has no private key of curve P-256, as ES256 asks");
            }
            return new TicketKey(id, key, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(file + " has no private EC key");
        }
    }

    private static TicketKey of(ECKey jwk) {
        try {
            return new TicketKey(jwk.getKeyID(), jwk.toECPrivateKey(), jwk);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("not a usable EC key", e);
        }
    }

    /** Writes the pair as a JWK, readable for its owner alone. Only for a key that was made or read as one. */
    public void write(Path file) throws IOException {
        PrivateFile.write(file, jwk.toJSONString().getBytes(StandardCharsets.UTF_8));
    }

    /** The public half as a JWK set, for {@code TICKET_JWKS}. Only for a key that was made or read as a JWK. */
    public String publicKeys() {
        return new JWKSet(jwk).toString(true);
    }

    public String sign(JWTClaimsSet claims) {
        SignedJWT ticket = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(id).build(), claims);
        try {
            ticket.sign(new ECDSASigner(privateKey));
        } catch (JOSEException e) {
            throw new IllegalStateException("the key cannot sign", e);
        }
        return ticket.serialize();
    }
}
