package io.parley.local.stack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class PrivateFileTest {

    @TempDir
    Path folder;

    @Test
    void isReadableForItsOwnerAloneAndSoIsTheFolderThatWasMadeForIt() throws Exception {
        Path file = folder.resolve("made/for/it.json");
        PrivateFile.write(file, "secret".getBytes(UTF_8));

        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(permissions(file.getParent())).isEqualTo("rwx------");
        assertThat(permissions(file.getParent().getParent())).isEqualTo("rwx------");
        assertThat(file.getParent()).isDirectoryNotContaining(other -> !other.equals(file));
    }

    @Test
    void closesAFileThatWasOpenToAll() throws Exception {
        Path file = folder.resolve("it.json");
        Files.writeString(file, "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        PrivateFile.write(file, "secret".getBytes(UTF_8));

        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(file).hasContent("secret");
    }

    @Test
    void worksInTheWorkingDirectoryToo() throws Exception {
        Path file = Path.of("private-file-test.tmp");
        try {
            PrivateFile.write(file, "secret".getBytes(UTF_8));
            assertThat(permissions(file)).isEqualTo("rw-------");
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static String permissions(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
