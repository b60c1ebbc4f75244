package io.parley.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TicketCommandTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter error = new StringWriter();

    @Test
    void makesAKeyPairAndTicketsThatItsPublicHalfVerifies() throws Exception {
        Path key = folder.resolve("game-1.jwk");
        ECKey published = publishedKey(key);
        SignedJWT ticket = ticket("--key", key.toString(), "--moderate", "--grant-minutes", "90");

        assertThat(ticket.getHeader().getKeyID()).isEqualTo("game-1");
        assertThat(ticket.verify(new ECDSAVerifier(published))).isTrue();
        JWTClaimsSet claims = ticket.getJWTClaimsSet();
        assertThat(claims.getAudience()).containsExactly("parley-eu");
        assertThat(claims.getSubject()).isEqualTo("2b1c-ann");
        assertThat(claims.getStringClaim("room")).isEqualTo("lobby");
        assertThat(claims.getBooleanClaim("moderate")).isTrue();
        assertThat(claims.getClaim("publish")).isNull();
        assertThat(claims.getJWTID()).isNotBlank();
        assertThat(Duration.between(
                        claims.getIssueTime().toInstant(),
                        claims.getExpirationTime().toInstant()))
                .isEqualTo(Duration.ofMinutes(5));
        assertThat(claims.getLongClaim("grantUntil"))
                .isEqualTo(
                        claims.getIssueTime().toInstant().plusSeconds(90 * 60).getEpochSecond());
    }

    @Test
    void publishesNoPrivateKeyAndWritesItForItsOwnerAlone() throws Exception {
        Path key = folder.resolve("game-1.jwk");
        ECKey published = publishedKey(key);

        assertThat(published.isPrivate()).isFalse();
        assertThat(out.toString()).doesNotContain("\"d\"");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(new CommandLine(new TicketKeyCommand())
                        .setErr(new PrintWriter(error))
                        .execute("--kid", "game-2", "--out", key.toString()))
                .isEqualTo(2);
        assertThat(error.toString()).contains("is there already");
    }

    @Test
    void grantsToSpeakAndHearWhereNothingIsSaid() throws Exception {
        Path key = folder.resolve("game-1.jwk");
        publishedKey(key);
        JWTClaimsSet claims = ticket("--key", key.toString()).getJWTClaimsSet();

        assertThat(claims.getBooleanClaim("publish")).isTrue();
        assertThat(claims.getBooleanClaim("listen")).isTrue();
        assertThat(claims.getClaim("moderate")).isNull();
        assertThat(claims.getClaim("record")).isNull();
        assertThat(claims.getClaim("grantUntil")).isNull();
    }

    @Test
    void signsWithAPemFileToo() throws Exception {
        Path pem = pem("secp256r1");
        assertThat(ticket("--key", pem.toString(), "--kid", "pem-1").getHeader().getKeyID())
                .isEqualTo("pem-1");
        assertThat(problem("--key", pem.toString())).contains("--kid");
    }

    @Test
    void saysWhatIsWrongWithAKeyAndNeverTheKey() throws Exception {
        assertThat(problem("--key", pem("secp384r1").toString(), "--kid", "k")).contains("P-256");
        Path rubbish = Files.writeString(folder.resolve("rubbish"), "secret rubbish");
        assertThat(problem("--key", rubbish.toString()))
                .contains("neither a JWK nor a PEM")
                .doesNotContain("secret");
        Path broken = Files.writeString(folder.resolve("broken.jwk"), "{\"kty\":\"EC\",\"d\":\"secret\"}");
        assertThat(problem("--key", broken.toString())).contains("no JWK").doesNotContain("secret");
        assertThat(problem("--key", "x", "--minutes", "11")).contains("within 1 and 10");
        assertThat(problem("--key", "x", "--grant-minutes", "0")).contains("1 or more");
        StringWriter room = new StringWriter();
        assertThat(command().setErr(new PrintWriter(room)).execute("--room", "a/b", "--participant", "ann"))
                .isEqualTo(2);
        assertThat(room.toString()).contains("--room must be");
    }

    private ECKey publishedKey(Path file) throws Exception {
        int status = new CommandLine(new TicketKeyCommand())
                .setOut(new PrintWriter(out))
                .execute("--kid", "game-1", "--out", file.toString());
        assertThat(status).isZero();
        return JWKSet.parse(out.toString()).getKeyByKeyId("game-1").toECKey();
    }

    private Path pem(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return Files.writeString(
                folder.resolve(curve + ".pem"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(
                                        generator.generateKeyPair().getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
    }

    private SignedJWT ticket(String... arguments) throws Exception {
        StringWriter ticket = new StringWriter();
        assertThat(command().setOut(new PrintWriter(ticket)).execute(withCommon(arguments)))
                .isZero();
        return SignedJWT.parse(ticket.toString().trim());
    }

    private String problem(String... arguments) {
        StringWriter problem = new StringWriter();
        assertThat(command().setErr(new PrintWriter(problem)).execute(withCommon(arguments)))
                .isNotZero();
        return problem.toString();
    }

    private static CommandLine command() {
        return new CommandLine(new TicketCommand()).setExecutionExceptionHandler((failure, line, result) -> {
            line.getErr().println(failure.getMessage());
            return 1;
        });
    }

    private static String[] withCommon(String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 6);
        String[] common = {"--room", "lobby", "--participant", "2b1c-ann", "--audience", "parley-eu"};
        System.arraycopy(common, 0, all, arguments.length, common.length);
        return all;
    }
}
