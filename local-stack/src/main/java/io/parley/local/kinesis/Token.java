package io.parley.local.kinesis;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What a client hands back unread: a shard iterator or a page's NextToken. Names have no '|', which parts the fields.
 * Unlike AWS's these are not encrypted: they keep honest clients honest, no more.
 */
final class Token {

    private Token() {}

    static String write(String kind, Object... fields) {
        StringBuilder text = new StringBuilder(kind);
        for (Object field : fields) {
            text.append('|').append(field);
        }
        return Base64.getEncoder().encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The fields, if the token is of that kind and has that many. */
    static Optional<List<String>> read(String token, String kind, int fields) {
        String text;
        try {
            text = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        List<String> parts = List.of(text.split("\\|", -1));
        return parts.size() == fields + 1 && parts.get(0).equals(kind)
                ? Optional.of(parts.subList(1, parts.size()))
                : Optional.empty();
    }
}
