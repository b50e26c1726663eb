package io.weir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreOptionsTest {

    private static final String URL = "jdbc:postgresql://db:5432/weir";
    private static final String SECRET = "s3cret";

    @Test
    void neverShowsThePassword() {
        StoreOptions options =
                options(URL + "?sslmode=require", "writer", "weir", 1, "PT1S", "PT1M");

        assertThat(options.password().read()).isEqualTo(SECRET);
        assertThat(options)
                .hasToString(
                        "StoreOptions[url=jdbc:postgresql://db:5432/weir, user=writer, schema=weir,"
                                + " tables=main, batchRows=1, batchInterval=PT1S, retryLimit=PT1M]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                URL + "?password=s3cret",
                URL + "?ssl=true&password=s3cret",
                URL + "?user=writer&password=s3cret",
                URL + "?user=s3cret",
                URL + "?PASSWORD=s3cret",
                URL + "?sslpassword=s3cret",
                "jdbc:postgresql://writer:s3cret@db:5432/weir"
            })
    void refusesAUrlWithCredentialsWithoutRepeatingThem(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options(url, "writer", "weir", 1, "PT1S", "PT1M"))
                .withMessageStartingWith("store.url must not hold ")
                .withMessageContaining("store.user")
                .withMessageContaining("WEIR_STORE_PASSWORD")
                .withMessageContaining("store.password-file")
                .withMessageNotContaining(SECRET);
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:mysql://db/weir, writer, weir, 1, PT1S, PT1M, store.url must begin with jdbc:postgresql:",
        URL + "?socketTimeout=0, writer, weir, 1, PT1S, PT1M, store.url must set socketTimeout",
        URL + ", ' ', weir, 1, PT1S, PT1M, store.user must not be empty",
        URL + ", writer, Weir, 1, PT1S, PT1M, 'identifier, but is ''Weir'''",
        URL + ", writer, 'a\"b', 1, PT1S, PT1M, 'identifier, but is ''a\"b'''",
        URL + ", writer, '', 1, PT1S, PT1M, 'identifier, but is '''''",
        URL + ", writer, weir, 0, PT1S, PT1M, 'store.batch-rows must be 1 to 100000, but is 0'",
        URL + ", writer, weir, 100001, PT1S, PT1M, but is 100001",
        URL
                + ", writer, weir, 1, PT0S, PT1M, 'store.batch-interval must be 1 ms to 1 d, but is PT0S'",
        URL + ", writer, weir, 1, PT1S, PT-1S, 'store.retry-limit must be 0 to 1 d, but is PT-1S'"
    })
    void namesTheWrongValue(
            String url,
            String user,
            String schema,
            int batchRows,
            String batchInterval,
            String retryLimit,
            String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options(url, user, schema, batchRows, batchInterval, retryLimit))
                .withMessageContaining(message);
    }

    @Test
    void knowsTheSocketTimeoutOfTheUrl() {
        assertThat(options(URL, "w", "weir", 1, "PT1S", "PT1M").socketTimeout()).isEmpty();
        assertThat(
                        options(URL + "?a=b&socketTimeout=7&c=d", "w", "weir", 1, "PT1S", "PT1M")
                                .socketTimeout())
                .contains(Duration.ofSeconds(7));
    }

    private static StoreOptions options(
            String url,
            String user,
            String schema,
            int batchRows,
            String batchInterval,
            String retryLimit) {
        return new StoreOptions(
                url,
                user,
                StorePassword.known(SECRET),
                schema,
                StoreTables.MAIN,
                batchRows,
                Duration.parse(batchInterval),
                Duration.parse(retryLimit));
    }
}
