package io.parley.local.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** Files of a library for the browser, out of its jar on the class path. */
public final class WebJar {

    private WebJar() {}

    /**
     * @param library its name as an npm package
     * @param file within it
     */
    public static byte[] bytes(String library, String file) {
        Properties jar = new Properties();
        try (InputStream in = resource("META-INF/maven/org.webjars.npm/" + library + "/pom.properties")) {
            jar.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (InputStream in =
                resource("META-INF/resources/webjars/" + library + '/' + jar.getProperty("version") + '/' + file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String text(String library, String file) {
        return new String(bytes(library, file), StandardCharsets.UTF_8);
    }

    private static InputStream resource(String path) throws IOException {
        InputStream in = WebJar.class.getClassLoader().getResourceAsStream(path);
        if (in == null) {
            throw new IOException(path + " is not on the class path");
        }
        return in;
    }
}
