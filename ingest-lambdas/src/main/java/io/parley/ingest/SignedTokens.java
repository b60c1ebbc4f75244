package io.parley.ingest;

import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;

/** Reads signed JWTs that anybody may have written. */
final class SignedTokens {

    private SignedTokens() {}

    /** The token, of which nothing is verified; throws for whatever is none, as the library does for most of it. */
    static SignedJWT parse(String token) throws ParseException {
        try {
            return SignedJWT.parse(token);
        } catch (RuntimeException e) { // such as for a header that is JSON's null
            throw new ParseException("not a JWT", 0);
        }
    }
}
