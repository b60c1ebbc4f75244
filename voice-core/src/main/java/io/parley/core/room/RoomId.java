package io.parley.core.room;

/** The rules of names: room ids, participants and display names. */
public final class RoomId {

    public static final int MAX_LENGTH = 64;

    private RoomId() {}

    /** Whether the text is a room id: 1 to 64 of A-Z a-z 0-9 _ and -. */
    public static boolean isValid(String text) {
        if (text == null || text.isEmpty() || text.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean allowed =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }
}
