package io.parley.local.cognito;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.parley.local.edge.AwsException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * One Cognito user pool with one app client that has no secret: users, and the tokens that Cognito would give them.
 *
 * <p>Claims are those of "Understanding the access token" and "Understanding the identity token" (Cognito developer
 * guide). The issuer is {@code <base>/<pool id>}, as Cognito's is, so that its JWKS is found below it. Users live in
 * memory; the only challenge is that for a new password, and it cannot be answered; there is no sign-up, no secret and
 * no password policy. Safe for threads.
 */
public final class UserPool {

    /** Of an access or id token, as Cognito has it by default. */
    public static final Duration TOKEN_LIFETIME = Duration.ofHours(1);

    /** Of a refresh token, as Cognito has it by default. */
    public static final Duration REFRESH_LIFETIME = Duration.ofDays(30);

    /** The scope of every token that came from the user pools API rather than from a login page. */
    private static final String SCOPE = "aws.cognito.signin.user.admin";

    private static final int MAX_REFRESH_TOKENS = 10_000;

    private final Clock clock;
    private final String poolId;
    private final String clientId;
    private final Supplier<String> issuerBase;
    private final SigningKeys keys;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, PoolUser> users = new ConcurrentHashMap<>();

    private final Set<String> newPasswordRequired = ConcurrentHashMap.newKeySet();

    // Oldest first; guarded by itself.
    private final Map<String, Authentication> refreshTokens = new LinkedHashMap<>();

    /**
     * @param poolId such as {@code eu-central-1_parley}; the first part of the paths below the issuer
     * @param clientId of the app client, the claim {@code client_id}
     * @param issuerBase scheme, host and port, such as {@code http://127.0.0.1:4566}; asked for each token, since the
     *     port may be known only later
     */
    public UserPool(Clock clock, String poolId, String clientId, Supplier<String> issuerBase) {
        if (!poolId.matches("[a-z0-9-]+_[0-9a-zA-Z]+")) {
            throw new IllegalArgumentException("poolId '" + poolId + "' must be like eu-central-1_parley");
        }
        this.clock = clock;
        this.poolId = poolId;
        this.clientId = clientId;
        this.issuerBase = issuerBase;
        this.keys = new SigningKeys(clock);
    }

    public String poolId() {
        return poolId;
    }

    public String clientId() {
        return clientId;
    }

    public String issuer() {
        return issuerBase.get() + "/" + poolId;
    }

    /** Adds a confirmed user, or replaces the one of that name (who then is another subject). */
    public PoolUser createUser(String username, String password, String... groups) {
        PoolUser user = new PoolUser(username, UUID.randomUUID().toString(), password, Arrays.asList(groups));
        users.put(username, user);
        return user;
    }

    /** The user has a temporary password, as one that an administrator has made: whoever signs in must choose another. */
    public void requireNewPassword(String username) {
        newPasswordRequired.add(username);
    }

    boolean mustChangePassword(PoolUser user) {
        return newPasswordRequired.contains(user.username());
    }

    /** An access token of a user just signed in, for development credentials; its lifetime is the caller's to choose. */
    public String accessToken(String username, Duration lifetime) {
        PoolUser user = users.get(username);
        if (user == null) {
            throw new IllegalArgumentException("there is no user " + username + ": create it first");
        }
        return accessToken(authenticated(user), lifetime);
    }

    public String accessToken(String username) {
        return accessToken(username, TOKEN_LIFETIME);
    }

    /** Signs with a new key from now on; the older one stays published until its last token has expired. */
    public void rotateKeys() {
        keys.rotate();
    }

    /** The public keys with which tokens that live now can be verified. */
    public JWKSet jwks() {
        return keys.published();
    }

    /** Throws UserNotFoundException or NotAuthorizedException, as a client does that reveals whether a user exists. */
    Authentication signIn(String username, String password) {
        PoolUser user = users.get(username);
        if (user == null) {
            throw new AwsException(400, "UserNotFoundException", "User does not exist.");
        }
        if (!MessageDigest.isEqual(utf8(user.password()), utf8(password))) {
            throw notAuthorized("Incorrect username or password.");
        }
        return authenticated(user);
    }

    /** A refresh token for a sign-in; the oldest is forgotten where there are too many. */
    String refreshToken(Authentication authentication) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        synchronized (refreshTokens) {
            refreshTokens.put(token, authentication);
            if (refreshTokens.size() > MAX_REFRESH_TOKENS) {
                refreshTokens.remove(refreshTokens.keySet().iterator().next());
            }
        }
        return token;
    }

    /** The sign-in that a refresh token goes back to, with the user as it is now. */
    Authentication refresh(String refreshToken) {
        Authentication origin;
        synchronized (refreshTokens) {
            origin = refreshTokens.get(refreshToken);
        }
        if (origin == null || users.get(origin.user().username()) != origin.user()) {
            throw notAuthorized("Invalid Refresh Token");
        }
        if (!clock.instant().isBefore(origin.at().plus(REFRESH_LIFETIME))) {
            throw notAuthorized("Refresh Token has expired");
        }
        return origin;
    }

    String accessToken(Authentication authentication, Duration lifetime) {
        PoolUser user = authentication.user();
        return keys.sign(claims(authentication, "access", lifetime)
                .claim("client_id", clientId)
                .claim("username", user.username())
                .claim("scope", SCOPE)
                .build());
    }

    String idToken(Authentication authentication, Duration lifetime) {
        PoolUser user = authentication.user();
        return keys.sign(claims(authentication, "id", lifetime)
                .audience(clientId)
                .claim("cognito:username", user.username())
                .build());
    }

    /** The user of an access token of this pool; NotAuthorizedException for any other token. */
    PoolUser verify(String accessToken) {
        try {
            SignedJWT token = SignedJWT.parse(accessToken);
            JWTClaimsSet claims = token.getJWTClaimsSet();
            PoolUser user = users.get(String.valueOf(claims.getStringClaim("username")));
            if (!keys.verify(token)
                    || !issuer().equals(claims.getIssuer())
                    || !"access".equals(claims.getStringClaim("token_use"))
                    || user == null
                    || !user.sub().equals(claims.getSubject())) {
                throw notAuthorized("Invalid Access Token");
            }
            if (!clock.instant().isBefore(claims.getExpirationTime().toInstant())) {
                throw notAuthorized("Access Token has expired");
            }
            return user;
        } catch (ParseException e) {
            throw notAuthorized("Invalid Access Token");
        }
    }

    private Authentication authenticated(PoolUser user) {
        return new Authentication(user, UUID.randomUUID().toString(), clock.instant());
    }

    private JWTClaimsSet.Builder claims(Authentication authentication, String use, Duration lifetime) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        PoolUser user = authentication.user();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .subject(user.sub())
                .issuer(issuer())
                .claim("token_use", use)
                .claim("origin_jti", authentication.originId())
                .claim("event_id", UUID.randomUUID().toString())
                .claim("auth_time", authentication.at().getEpochSecond())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(lifetime)))
                .jwtID(UUID.randomUUID().toString());
        if (!user.groups().isEmpty()) {
            claims.claim("cognito:groups", user.groups());
        }
        return claims;
    }

    private static AwsException notAuthorized(String message) {
        return new AwsException(400, "NotAuthorizedException", message);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
