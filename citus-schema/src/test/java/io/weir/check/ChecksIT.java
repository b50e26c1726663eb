package io.weir.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.weir.database.Database;
import io.weir.database.SchemaName;
import io.weir.database.Session;
import io.weir.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksIT {

    private static EmbeddedPostgres server;

    @BeforeAll
    static void start(@TempDir Path folder) throws SQLException {
        server = EmbeddedPostgres.start(folder.resolve("data"));
        try (Session session = open(server.user())) {
            session.execute("create role onlooker login");
            session.execute(
                    "create function public.ask_dead_worker() returns int language plpgsql as $$"
                            + " begin raise 'no worker' using errcode = '08006'; end $$");
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aRowIsANoteOrAFinding() throws SQLException {
        Findings findings =
                run(
                        server.user(),
                        "select 'a note'",
                        "select 'a table', 'is old', 'Renew it'",
                        "select 'a table', 'a column', 'none', 'add it'",
                        "select 'nothing' where false");

        assertThat(findings.notes()).containsExactly("a note");
        assertThat(findings.found())
                .extracting(Finding::toString, Finding::inSentences)
                .containsExactly(
                        tuple("a table: is old: Renew it", "a table: is old. Renew it"),
                        tuple(
                                "a table: expected a column, found none: add it",
                                "a table: expected a column, found none. add it"));
        assertThat(findings.checks()).isEqualTo(4);
    }

    @Test
    void aCheckKnowsSchemaAndSettings() throws SQLException {
        assertThat(
                        run(
                                        server.user(),
                                        "select concat_ws(' ', '${schema}',"
                                                + " current_setting('weir.settle')::interval,"
                                                + " current_setting('weir.shards'))")
                                .notes())
                .containsExactly("weir 00:10:00 4");
    }

    /** The rest is looked at nevertheless. */
    @Test
    void aCheckThatFailsIsAFinding() throws SQLException {
        Findings findings = run(server.user(), "selekt 1", "select 'a note'");

        assertThat(findings.found())
                .singleElement()
                .asString()
                .isEqualTo(
                        "a check: expected an answer, found ERROR: syntax error at or near"
                                + " \"selekt\": fix what the message names, then look again");
        assertThat(findings.notes()).containsExactly("a note");
    }

    @Test
    void whatTheUserMayNotSeeIsUnchecked() throws SQLException {
        Findings findings = run("onlooker", "select rolpassword from pg_authid", "select 'a note'");

        assertThat(findings.found()).isEmpty();
        assertThat(findings.unchecked())
                .containsExactly(
                        "a check: not checked, ERROR: permission denied for table pg_authid");
        assertThat(findings.notes()).containsExactly("a note");
        assertThat(findings.isAllWell()).isFalse();
    }

    /** It has the SQLSTATE of a connection that breaks, and the next check finds out the node. */
    @Test
    void aWorkerThatDoesNotAnswerDoesNotEndTheChecks() throws SQLException {
        Findings findings =
                run(server.user(), "select public.ask_dead_worker()", "select 'a note'");

        assertThat(findings.found()).hasSize(1);
        assertThat(findings.notes()).containsExactly("a note");
    }

    @Test
    void aConnectionThatBreaksEndsTheChecks() {
        assertThatThrownBy(
                        () ->
                                run(
                                        server.user(),
                                        "select pg_terminate_backend(pg_backend_pid())",
                                        "select 'a note'"))
                .isInstanceOf(SQLException.class);
    }

    private static Findings run(String user, String... queries) throws SQLException {
        List<Check> checks =
                Stream.of(queries).map(query -> new Check("a check", Set.of(), query)).toList();
        Findings findings = new Findings();
        try (Session session = open(user)) {
            Checks.run(session, checks, new Checks.Expected(Duration.ofMinutes(10), 4), findings);
        }
        return findings;
    }

    private static Session open(String user) {
        return new Database(server.jdbcUrl(), user, null).open(new SchemaName("weir"));
    }
}
