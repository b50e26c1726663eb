package io.weir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StorePasswordTest {

    @Test
    void readsTheFileAgainEachTime(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "first\n");
        StorePassword password = InstantiationUtil.clone(StorePassword.inFile(file));

        assertThat(password.read()).isEqualTo("first");

        Files.writeString(file, " second \n");

        assertThat(password.read()).isEqualTo("second");
    }

    @Test
    void namesAFileThatIsNotThere(@TempDir Path folder) {
        assertThatThrownBy(() -> StorePassword.inFile(folder.resolve("none")).read())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(folder.resolve("none").toString())
                .hasMessageContaining("store.password-file")
                .hasMessageContaining("each TaskManager");
    }

    @Test
    void readsTheEnvironment() throws Exception {
        String path = System.getenv("PATH");

        assertThat(path).isNotEmpty();
        assertThat(InstantiationUtil.clone(StorePassword.inEnvironment("PATH")).read())
                .isEqualTo(path);
        assertThat(StorePassword.inEnvironment("WEIR_NO_SUCH_VARIABLE").read()).isNull();
        assertThat(StorePassword.none().read()).isNull();
    }

    @Test
    void whatThisProcessKnowsDoesNotLeaveIt() throws IOException {
        StorePassword known = StorePassword.known("s3cret");

        assertThat(known.read()).isEqualTo("s3cret");
        assertThat(known.toString()).doesNotContain("s3cret");
        try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
            assertThatThrownBy(() -> out.writeObject(known))
                    .isInstanceOf(NotSerializableException.class);
        }
    }
}
