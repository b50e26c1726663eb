package io.weir.tools.logfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedLogsTest {

    private Path folder = Path.of("");

    @BeforeEach
    void useFolder(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void takesFilesOneByOneOrWithCommas() throws IOException {
        Path a = make("a.log");
        Path b = make("b,c.log");
        Path d = make("d");
        assertThat(NamedLogs.of(List.of(d + "," + a + ",-", b.toString())))
                .containsExactly(d, a, Path.of("-"), b);
    }

    @Test
    void takesTheLogsOfAFolder() throws IOException {
        make("error.log");
        make("ssl_error_log.1");
        make("README.md");
        make(".access.log.swp");
        make(".access.log");
        make("a.log.truth.csv");
        Files.createDirectories(folder.resolve("old.log"));
        Path plain = make("access.log");
        Path rotated = make("access.log.1");
        Path dated = make("access-20260101.gz");
        Path apache = make("access_log");
        Path shop = make("Shop.LOG.2.gz");
        assertThat(NamedLogs.of(List.of(folder.toString())))
                .containsExactlyInAnyOrder(plain, rotated, dated, apache, shop)
                .isSorted();
    }

    @Test
    void saysThatAFolderHasNoLog() throws IOException {
        make("error.log");
        assertThatThrownBy(() -> NamedLogs.of(List.of(folder.toString())))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("no access log in the folder " + folder + ": ");
    }

    @Test
    void refusesAFileThatIsNamedTwice() throws IOException {
        Path a = make("a.log");
        Path link = Files.createSymbolicLink(folder.resolve("b.log"), a);
        Path hardLink = Files.createLink(folder.resolve("c.log"), a);
        Path roundabout = folder.resolve("../" + folder.getFileName() + "/a.log");
        for (Path other : List.of(link, hardLink, roundabout)) {
            assertThatThrownBy(() -> NamedLogs.of(List.of(a.toString(), other.toString())))
                    .hasMessage("%s and %s are the same file: name one of them", a, other);
        }
        assertThatThrownBy(() -> NamedLogs.of(List.of(a + "," + a)))
                .hasMessage(a + " is named twice");
        assertThatThrownBy(() -> NamedLogs.of(List.of("-", "-"))).hasMessage("- is named twice");
    }

    @Test
    void saysThatAFileIsMissing() {
        Path missing = folder.resolve("missing.log");
        assertThatThrownBy(() -> NamedLogs.of(List.of(missing.toString())))
                .hasMessage("there is no access log " + missing);
    }

    @Test
    void followsFilesThatAreOrWillBe() throws IOException {
        Path a = make("a.log");
        Path missing = folder.resolve("b.log");
        assertThat(NamedLogs.toFollow(List.of(a + "," + missing))).containsExactly(a, missing);
    }

    @Test
    void refusesWhatCannotBeFollowed() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        Path packed = Files.write(folder.resolve("p.log"), new byte[] {0x1f, (byte) 0x8b, 8, 0});
        Path wide = Files.write(folder.resolve("w.log"), new byte[] {(byte) 0xff, (byte) 0xfe});
        Path a = make("a.log");
        assertThatThrownBy(() -> NamedLogs.toFollow(List.of("-")))
                .hasMessage("the standard input cannot be followed: name a file");
        assertThatThrownBy(() -> NamedLogs.toFollow(List.of(folder.toString())))
                .hasMessageContaining("is a folder");
        assertThatThrownBy(() -> NamedLogs.toFollow(List.of(pipe.toString())))
                .hasMessageContaining("is a pipe or a device");
        assertThatThrownBy(() -> NamedLogs.toFollow(List.of(packed.toString())))
                .hasMessageContaining(packed + " is compressed");
        assertThatThrownBy(() -> NamedLogs.toFollow(List.of(wide.toString())))
                .hasMessageContaining(wide + " is UTF-16");
        assertThatThrownBy(() -> NamedLogs.toFollow(List.of(a.toString(), a.toString())))
                .hasMessageContaining("same part of one log");
        assertThatThrownBy(() -> NamedLogs.toFollow(List.of(a.toString(), a + ".1")))
                .hasMessageContaining("are parts of one log");
    }

    private Path make(String name) throws IOException {
        return Files.createFile(folder.resolve(name));
    }
}
