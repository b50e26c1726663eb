package io.weir.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What has run at a customer's never changes: his database would be another than a new one. */
class FrozenMigrationsTest {

    private static final String RELEASED = "/released/0.1.0/";

    private static final Pattern FUNCTION =
            Pattern.compile("create (?:or replace )?function [$][{]schema}[.](\\w+)");

    static Stream<String> released() throws IOException {
        return Objects.requireNonNull(text(RELEASED + "migrations.sha256")).lines();
    }

    @ParameterizedTest
    @MethodSource("released")
    void aReleasedMigrationIsAsItWas(String line) throws IOException {
        String name = line.substring(line.lastIndexOf(' ') + 1);

        assertThat(line(name, "/weir/schema/"))
                .as(
                        "%s is released and frozen: restore it as it was, and write a new migration"
                                + " (CONTRIBUTING.md, To add a migration)",
                        name)
                .isEqualTo(line);
        assertThat(line(name, RELEASED))
                .as("%s%s is the copy that upgrades are tested with: restore it", RELEASED, name)
                .isEqualTo(line);
    }

    /** By this word of its comment R__00_drop_replaced.sql leaves it alone. */
    @Test
    void functionsThatMigrationsCallAreMarked() throws IOException {
        try (Stream<Path> scripts = Files.list(Path.of("src/main/resources/weir/schema"))) {
            for (Path script : scripts.toList()) {
                if (script.getFileName().toString().startsWith("V")) {
                    String sql = Files.readString(script);
                    Matcher made = FUNCTION.matcher(sql);
                    while (made.find()) {
                        assertThat(sql)
                                .as(script.toString())
                                .containsPattern(
                                        "comment on function [$][{]schema}[.]"
                                                + made.group(1)
                                                + "[(].*[)] is\\s+'For migrations: ");
                    }
                }
            }
        }
    }

    /** As sha256sum writes it. */
    private static String line(String name, String folder) throws IOException {
        String text = text(folder + name);
        return text == null ? "there is no " + name : sha256(text) + "  " + name;
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With the ends of lines that the repository has; null where there is no such file. */
    private static @Nullable String text(String resource) throws IOException {
        try (InputStream bytes = FrozenMigrationsTest.class.getResourceAsStream(resource)) {
            return bytes == null
                    ? null
                    : new String(bytes.readAllBytes(), UTF_8).replace("\r\n", "\n");
        }
    }
}
