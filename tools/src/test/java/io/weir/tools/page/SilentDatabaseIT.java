package io.weir.tools.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.database.Database;
import io.weir.rig.FallingSilent;
import io.weir.rig.FallingSilent.Manner;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page while its database accepts connections and says nothing. */
class SilentDatabaseIT {

    /** When the page in the browser gives up. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** What the page's server asks the database at once. */
    private static final int AT_ONCE = 6;

    private static PageStore store;

    private final HttpClient client = HttpClient.newHttpClient();
    private FallingSilent database;
    private PageServer page;

    @BeforeAll
    static void fill(@TempDir Path folder) {
        store = new PageStore(folder);
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @BeforeEach
    void serve() throws Exception {
        Database behind = store.database();
        database = new FallingSilent(store.port());
        page =
                PageServer.start(
                        new Database(database.jdbcUrl("postgres"), behind.user(), null),
                        PageStore.SCHEMA,
                        "127.0.0.1",
                        0);
    }

    @AfterEach
    void end() throws Exception {
        page.close();
        database.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Manner.class,
            names = {"SILENT_ON_LOGIN", "SILENT"})
    void saysSoInTimeAndIsWellAgainWhenTheDatabaseIs(Manner manner) throws Exception {
        assertThat(get("api/store").statusCode()).isEqualTo(200); // its connection is kept

        database.become(manner);
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i <= AT_ONCE; i++) {
            answers.add(client.sendAsync(request("api/store"), BodyHandlers.ofString()));
        }
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.get().statusCode()).isEqualTo(503);
            assertThat(answer.get().body()).contains("the database does not answer");
        }
        database.become(Manner.SPEAKING);

        assertThat(get("api/store").statusCode()).isEqualTo(200);
    }

    @Test
    void servesItsFilesWhileQuestionsWaitAndRefusesThoseThatAreTooMany() throws Exception {
        database.become(Manner.SILENT);
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 5 * AT_ONCE; i++) {
            answers.add(client.sendAsync(request("api/store"), BodyHandlers.ofString()));
        }
        await().until(() -> answers.stream().filter(CompletableFuture::isDone).count() == AT_ONCE);

        assertThat(get("page.js").statusCode()).isEqualTo(200);
        int refused = 0;
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.get().statusCode()).isEqualTo(503);
            refused += answer.get().body().contains("too many requests at once") ? 1 : 0;
        }
        assertThat(refused).isEqualTo(AT_ONCE);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path), BodyHandlers.ofString());
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create(page.address() + path)).timeout(PATIENCE).build();
    }
}
