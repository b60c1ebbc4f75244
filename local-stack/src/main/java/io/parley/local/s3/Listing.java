package io.parley.local.s3;

import io.parley.local.edge.AwsException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * One page of a bucket's keys in order; keys that share what follows the prefix up to a delimiter count as one.
 *
 * @param end where the page ends, or null where nothing follows it
 */
record Listing(List<Map.Entry<String, Bucket.Listed>> objects, List<String> commonPrefixes, Place end) {

    private static final int MAX_KEYS = 1000;
    private static final String BEYOND_ALL = Character.toString(Character.MAX_CODE_POINT);

    /** A place between keys: after one key, or after all keys that begin with a common prefix. */
    record Place(String name, boolean isPrefix) {

        String token() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(((isPrefix ? 'p' : 'k') + name).getBytes(StandardCharsets.UTF_8));
        }

        static Place ofToken(String token) {
            try {
                String decoded = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
                if (decoded.startsWith("p") || decoded.startsWith("k")) {
                    return new Place(decoded.substring(1), decoded.startsWith("p"));
                }
            } catch (IllegalArgumentException e) {
                // Answered below, like a token that begins otherwise.
            }
            throw new AwsException(400, "InvalidArgument", "The continuation token provided is incorrect");
        }

        private String next(NavigableMap<String, Bucket.Listed> index) {
            if (!isPrefix) {
                return index.higherKey(name);
            }
            String key = index.higherKey(name + BEYOND_ALL);
            while (key != null && key.startsWith(name)) {
                key = index.higherKey(key);
            }
            return key;
        }
    }

    /**
     * @param delimiter empty for none
     * @param after where to begin, or null
     */
    static Listing of(
            NavigableMap<String, Bucket.Listed> index, String prefix, String delimiter, Place after, int maxKeys) {
        List<Map.Entry<String, Bucket.Listed>> objects = new ArrayList<>();
        List<String> commonPrefixes = new ArrayList<>();
        Place place = null;
        String key = after == null ? null : after.next(index);
        if (after == null || key != null && KeyOrder.UTF_8.compare(key, prefix) < 0) {
            key = index.ceilingKey(prefix);
        }
        while (key != null && key.startsWith(prefix)) {
            if (objects.size() + commonPrefixes.size() == maxKeys) {
                return new Listing(objects, commonPrefixes, place);
            }
            int cut = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
            if (cut < 0) {
                Bucket.Listed listed = index.get(key);
                if (listed != null) {
                    objects.add(Map.entry(key, listed));
                }
                place = new Place(key, false);
            } else {
                place = new Place(key.substring(0, cut + delimiter.length()), true);
                commonPrefixes.add(place.name());
            }
            key = place.next(index);
        }
        return new Listing(objects, commonPrefixes, null);
    }

    /** The page size of a call: 1,000 unless fewer are asked for. */
    static int maxKeys(S3Call call) {
        String asked = call.parameter("max-keys", "");
        if (asked.isEmpty()) {
            return MAX_KEYS;
        }
        if (!asked.matches("\\d{1,10}") || Long.parseLong(asked) > Integer.MAX_VALUE) {
            throw new AwsException(
                    400, "InvalidArgument", "max-keys has to be between 0 and " + Integer.MAX_VALUE + ": " + asked);
        }
        return Math.min(MAX_KEYS, Integer.parseInt(asked));
    }
}
