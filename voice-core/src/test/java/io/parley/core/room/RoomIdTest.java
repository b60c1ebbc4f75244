package io.parley.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoomIdTest {

    @Test
    void isOfLettersDigitsUnderscoreAndHyphenAndNothingElse() {
        String allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
        assertThat(RoomId.isValid(allowed)).isTrue();
        for (char c = 0; c < 300; c++) {
            assertThat(RoomId.isValid("a" + c)).as("code %d", (int) c).isEqualTo(allowed.indexOf(c) >= 0);
        }
    }

    @Test
    void hasOneToSixtyFourCharacters() {
        assertThat(RoomId.isValid(null)).isFalse();
        assertThat(RoomId.isValid("")).isFalse();
        assertThat(RoomId.isValid("a")).isTrue();
        assertThat(RoomId.isValid("a".repeat(64))).isTrue();
        assertThat(RoomId.isValid("a".repeat(65))).isFalse();
    }
}
