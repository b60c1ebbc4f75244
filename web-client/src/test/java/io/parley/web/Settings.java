package io.parley.web;

import com.microsoft.playwright.Page;
import java.util.function.Consumer;

/**
 * How a page is opened.
 *
 * @param mode when it sends: {@code ptt}, {@code voice} or {@code open}
 * @param joining done to the page before it is loaded
 */
record Settings(String mode, int width, int height, boolean dark, Consumer<Page> joining) {

    /** An open microphone, unprocessed, on a laptop's screen. */
    static final Settings OPEN = new Settings("open", 1280, 800, false, page -> {});

    Settings withMode(String other) {
        return new Settings(other, width, height, dark, joining);
    }

    Settings onPhone() {
        return new Settings(mode, 390, 844, dark, joining);
    }

    Settings inTheDark() {
        return new Settings(mode, width, height, true, joining);
    }

    Settings prepared(Consumer<Page> preparation) {
        return new Settings(mode, width, height, dark, preparation);
    }

    /** As if the user had chosen so before. What processes the sound changes its wave, so it is off. */
    String script() {
        return "localStorage.setItem('parley.settings', localStorage.getItem('parley.settings') ?? JSON.stringify({mode: '"
                + mode + "', echoCancellation: false, noiseSuppression: false, autoGainControl: false}))";
    }
}
