package io.parley.local.s3;

import java.util.Comparator;

/**
 * The order in which S3 lists keys: that of their UTF-8 bytes ("Listing object keys programmatically").
 *
 * <p>It differs from {@link String#compareTo} only where a character beyond U+FFFF, in UTF-16 a pair of surrogates,
 * meets one of U+E000 to U+FFFF. Keys are well-formed, so that a surrogate never stands alone.
 */
enum KeyOrder implements Comparator<String> {
    UTF_8;

    @Override
    public int compare(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean beyond = Character.isSurrogate(a);
                return beyond == Character.isSurrogate(b) ? Character.compare(a, b) : beyond ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
