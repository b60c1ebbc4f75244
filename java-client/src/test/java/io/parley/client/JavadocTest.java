package io.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavadocTest {

    @TempDir
    private Path folder;

    @Test
    void everythingThatIsPublicHasACommentAndNoCommentIsWrong() throws IOException {
        List<String> warnings = javadoc("-Xdoclint:all").stream()
                .filter(line -> line.contains("warning:") || line.contains("error:"))
                .filter(line -> !line.contains("no @return") && !line.contains("no @param"))
                .collect(Collectors.toList());

        assertThat(warnings).isEmpty();
        assertThat(folder.resolve("io/parley/client/VoiceClient.html")).exists();
    }

    private List<String> javadoc(String option) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                option,
                "-quiet",
                "-Xmaxwarns",
                "10000",
                "--release",
                "11",
                "-d",
                folder.toString(),
                "-cp",
                System.getProperty("java.class.path")));
        try (Stream<Path> sources = Files.list(Path.of("src/main/java/io/parley/client"))) {
            sources.map(Path::toString).forEach(arguments::add);
        }
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        ToolProvider.findFirst("javadoc").orElseThrow().run(writer, writer, arguments.toArray(new String[0]));
        return said.toString().lines().collect(Collectors.toList());
    }
}
