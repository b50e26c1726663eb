package io.weir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.weir.election.Election;
import io.weir.election.ElectionSettings;
import io.weir.election.ElectionStore;
import io.weir.election.TopSite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredElectionsIT {

    private static final long TEN = millis("2026-05-01T10:00:00Z");
    private static final long HOUR = Duration.ofHours(1).toMillis();

    @TempDir static Path directory;
    private static TestStore store;

    @BeforeAll
    static void start() throws SQLException {
        store = TestStore.start(directory);
        store.execute("create role elections_job login in role weir_writer");
        store.query(
                "select weir.ensure_partitions('top_site_candidate', '2026-05-01Z', '2026-05-31Z')");
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        store.execute(
                "truncate weir.top_site, weir.top_site_candidate, weir.top_site_election;"
                        + " delete from weir.top_site_config where version > 1");
    }

    // Settings

    @Test
    void readsTheSettingsThatTheSchemaComesWith() throws Exception {
        assertThat(new StoredElections(asJob()).readSettings())
                .containsExactly(
                        new ElectionSettings(
                                1,
                                Long.MIN_VALUE,
                                2 * HOUR,
                                HOUR,
                                100,
                                1000,
                                Duration.ofDays(90).toMillis()));
    }

    @Test
    void readsAllVersionsInTheirOrder() throws Exception {
        configure("min_hits_threshold => 7");
        configure("max_longterm_entries => 10, longterm_retention_period => '3 days'");

        List<ElectionSettings> versions = new StoredElections(asJob()).readSettings();

        assertThat(versions).extracting(ElectionSettings::version).containsExactly(1, 2, 3);
        ElectionSettings last = versions.get(2);
        assertThat(last.minHits()).isEqualTo(7);
        assertThat(last.maxEntries()).isEqualTo(10);
        assertThat(last.retentionMillis()).isEqualTo(Duration.ofDays(3).toMillis());
        assertThat(last.holdsFromMillis() % HOUR).isZero();
    }

    @Test
    void anUnreachableStoreIsAnIoFailureWithItsAddress() {
        StoreOptions nowhere =
                TestStore.options(
                        "jdbc:postgresql://127.0.0.1:1/postgres", 1, Duration.ofSeconds(1));

        assertThatIOException()
                .isThrownBy(() -> new StoredElections(nowhere).readSettings())
                .withMessageContaining("127.0.0.1:1");
    }

    @ParameterizedTest
    @CsvSource({
        "60, 60, 60",
        "60, 15, 60",
        "15, 60, 60",
        "120, 180, 360",
        "20, 15, 60",
        "480, 360, 1440",
        "1, 1440, 1440",
        "1440, 1, 1440",
        "45, 32, 1440"
    })
    void aChangeHoldsFromTheFirstBoundaryOfBothIntervals(int before, int after, int common)
            throws Exception {
        store.execute(
                "insert into weir.top_site_config select 2, '-infinity', '1 day', interval '1 minute' * "
                        + before
                        + ", 1, 1, '1 day', '1 day'");
        Instant now = Instant.now();
        configure("election_schedule_interval => interval '1 minute' * " + after);
        Instant later = Instant.now();

        long step = common * 60L;
        long holdsFrom =
                Long.parseLong(
                        store.query(
                                        "select extract(epoch from holds_from)::bigint"
                                                + " from weir.top_site_config where version = 3")
                                .get(0));
        assertThat(holdsFrom)
                .isBetween(
                        ceil(now.getEpochSecond(), step), ceil(later.getEpochSecond() + 1, step));
        assertThat(holdsFrom % step).isZero();
    }

    @Test
    void aChangeDoesNotHoldBeforeTheOneThatWasMadeBefore() throws Exception {
        store.execute(
                "insert into weir.top_site_config select 2, '2100-01-01 12:00Z', '1 day', '2 hours', 1, 1, '1 day', '1 day'");
        configure("election_schedule_interval => '3 hours'");

        assertThat(store.query("select holds_from from weir.top_site_config where version = 3"))
                .containsExactly("2100-01-01 12:00:00+00");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "election_schedule_interval => '0'        | election_schedule_interval_divides_a_day",
                "election_schedule_interval => '-1 hour'  | election_schedule_interval_divides_a_day",
                "election_schedule_interval => '7 min'    | election_schedule_interval_divides_a_day",
                "election_schedule_interval => '30 s'     | election_schedule_interval_divides_a_day",
                "election_schedule_interval => '0.4 s'    | election_schedule_interval_divides_a_day",
                "election_schedule_interval => '48 h', election_window => '48 h' | election_schedule_interval_divides_a_day",
                "election_window => '59 min'              | election_window_is_not_shorter_than_the_interval",
                "election_window => '0'                   | election_window_is_not_shorter_than_the_interval",
                "election_window => '-2 hours'            | election_window_is_not_shorter_than_the_interval",
                "election_window => '150.5 min'           | election_window_is_of_whole_minutes",
                "election_schedule_interval => '1 min', election_window => '1441 min' | election_window_is_of_at_most_1440_intervals",
                "min_hits_threshold => 0                  | min_hits_threshold_is_at_least_1",
                "max_longterm_entries => 0                | max_longterm_entries_is_1_to_1000000",
                "longterm_retention_period => '1 hour'    | longterm_retention_period_is_not_shorter_than_the_window",
                "candidates_retention_period => '0'       | candidates_retention_period_is_1_hour_to_1000_years"
            })
    void refusesNonsenseAndNamesTheRule(String change, String rule) throws SQLException {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> configure(change))
                .withMessageContaining(rule);
        assertThat(store.query("select max(version) from weir.top_site_config"))
                .containsExactly("1");
    }

    @Test
    void candidatesAreKeptAsLongAsTheSettingSays() throws Exception {
        configure("candidates_retention_period => '3 days'");

        assertThat(
                        store.query(
                                "select keep from weir.retention_policy where table_name ="
                                        + " 'top_site_candidate'"))
                .containsExactly("3 days");

        store.query(
                "update weir.retention_policy set keep = '30 days' where table_name ="
                        + " 'top_site_candidate' returning 1");
        configure("max_longterm_entries => 50");

        assertThat(
                        store.query(
                                "select keep from weir.retention_policy where table_name ="
                                        + " 'top_site_candidate'"))
                .containsExactly("30 days");
    }

    // Elections

    @Test
    void anElectionComesWithItsCandidatesAndThoseWithMoreHitsStay() throws Exception {
        TopSite removedAtOnce = elected(3, TEN, 7, TEN);
        TopSite removedUnseen =
                new TopSite(4, 10, 5, 2, TEN - 3 * HOUR, TEN - 2 * HOUR, TEN - HOUR, TEN, TEN);
        write(
                elections(),
                List.of(
                        election(TEN - HOUR, elected(2, TEN - HOUR, 20, null)),
                        election(
                                TEN,
                                elected(1, TEN, 50, null),
                                elected(2, TEN, 40, null),
                                removedAtOnce,
                                removedUnseen)));
        write(
                elections(),
                List.of(election(TEN, elected(1, TEN, 30, null), elected(2, TEN, 60, null))));

        assertThat(store.query("select * from weir.top_site_candidate order by site_id, election"))
                .containsExactly(
                        "1 2026-05-01 10:00:00+00 50 2026-05-01 09:50:00+00",
                        "2 2026-05-01 09:00:00+00 20 2026-05-01 08:50:00+00",
                        "2 2026-05-01 10:00:00+00 60 2026-05-01 09:50:00+00",
                        "3 2026-05-01 10:00:00+00 7 2026-05-01 09:50:00+00");
    }

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        TopSite listed =
                new TopSite(1, 3_000_000_000L, 70, 40, TEN - 5 * HOUR, TEN - HOUR, TEN, null, TEN);
        TopSite left = site(2, TEN, TEN);
        write(elections(), List.of(election(TEN, listed, left)));

        ElectionStore.Past past = new StoredElections(asJob()).readPast();

        assertThat(past.lastBoundaryMillis()).isEqualTo(TEN);
        assertThat(past.sites()).containsExactlyInAnyOrder(listed, left);
    }

    @Test
    void thereIsNoPastBeforeTheFirstElection() throws Exception {
        assertThat(new StoredElections(asJob()).readPast())
                .isEqualTo(new ElectionStore.Past(null, List.of()));
    }

    @Test
    void aSiteThatLeftLongAgoIsNotRead() throws Exception {
        write(elections(), List.of(election(TEN, site(1, TEN, TEN), site(2, null, TEN))));
        write(elections(), List.of(election(TEN + 2 * HOUR)));

        assertThat(new StoredElections(asJob()).readPast().sites())
                .extracting(TopSite::siteId)
                .containsExactly(2);
    }

    @Test
    void anElectionThatIsWrittenAgainChangesNothing() throws Exception {
        Election election = election(TEN, site(1, null, TEN), site(2, TEN, TEN));
        write(elections(), List.of(election));
        List<String> once = everything();
        write(elections(), List.of(election));

        assertThat(everything()).isEqualTo(once).hasSize(5);
    }

    @Test
    void aSiteThatLeavesUnseenIsMarkedAndAnErasedOneStaysErased() throws Exception {
        write(elections(), List.of(election(TEN, site(1, null, TEN), site(2, null, TEN))));
        store.execute("delete from weir.top_site where site_id = 1");

        write(elections(), List.of(election(TEN + HOUR, unseen(1), unseen(2))));

        assertThat(store.query("select site_id, total_hits, election, left_at from weir.top_site"))
                .containsExactly("2 10 2026-05-01 11:00:00+00 2026-05-01 11:00:00+00");
    }

    @Test
    void aSiteThatComesAndLeavesInOneWriteIsThere() throws Exception {
        write(
                elections(),
                List.of(election(TEN, site(1, null, TEN)), election(TEN + HOUR, unseen(1))));

        assertThat(store.query("select site_id, total_hits, election, left_at from weir.top_site"))
                .containsExactly("1 10 2026-05-01 11:00:00+00 2026-05-01 11:00:00+00");
    }

    /** As it leaves at eleven, last elected at ten. */
    private static TopSite unseen(int siteId) {
        TopSite site = site(siteId, TEN + HOUR, TEN);
        return new TopSite(
                siteId,
                site.totalHits(),
                site.lastElectionHits(),
                site.timesElected(),
                site.firstSeenMillis(),
                site.lastSeenMillis(),
                TEN,
                TEN + HOUR,
                TEN + HOUR);
    }

    @Test
    void thePastIsReadWhenNoElectionIsBeingWritten() throws Exception {
        write(elections(), List.of(election(TEN, site(1, null, TEN))));
        try (Connection writing = store.connect();
                Statement statement = writing.createStatement()) {
            writing.setAutoCommit(false);
            statement.execute("update weir.top_site set election = '2026-05-01 11:00Z'");
            CompletableFuture<ElectionStore.Past> reading =
                    CompletableFuture.supplyAsync(this::readPast);
            awaitReader();
            statement.execute(
                    "insert into weir.top_site_election values ('2026-05-01 11:00Z', '2026-05-01 09:00Z', 1, 1, 1, 0, 0, now())");
            writing.commit();

            assertThat(reading.get().lastBoundaryMillis()).isEqualTo(TEN + HOUR);
            assertThat(reading.get().sites())
                    .extracting(TopSite::boundaryMillis)
                    .containsExactly(TEN + HOUR);
        }
    }

    @Test
    void anOutageWhileThePastIsReadCostsNoTask() throws Exception {
        write(elections(), List.of(election(TEN, site(1, null, TEN))));
        try (Connection writing = store.connect();
                Statement statement = writing.createStatement()) {
            writing.setAutoCommit(false);
            statement.execute("lock table weir.top_site");
            CompletableFuture<ElectionStore.Past> reading =
                    CompletableFuture.supplyAsync(this::readPast);
            awaitReader();
            assertThat(
                            store.query(
                                    "select pg_terminate_backend(pid) from pg_locks where not granted"))
                    .containsExactly("t");
            writing.rollback();

            assertThat(reading.get().lastBoundaryMillis()).isEqualTo(TEN);
        }
    }

    private static void awaitReader() {
        Awaitility.await("the reader waits for the writer")
                .until(() -> store.query("select 1 from pg_locks where not granted").contains("1"));
    }

    private ElectionStore.Past readPast() {
        try {
            return new StoredElections(asJob()).readPast();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anOlderElectionDoesNotOverwriteASite() throws Exception {
        write(elections(), List.of(election(TEN + HOUR, site(1, null, TEN + HOUR))));
        write(elections(), List.of(election(TEN, site(1, TEN, TEN))));

        assertThat(store.query("select election, left_at from weir.top_site"))
                .containsExactly("2026-05-01 11:00:00+00 null");
        assertThat(store.query("select count(*) from weir.top_site_election")).containsExactly("2");
    }

    @Test
    void ofSeveralElectionsInOneWriteTheLastDecides() throws Exception {
        write(
                elections(),
                List.of(
                        election(TEN, site(1, null, TEN), site(2, null, TEN)),
                        election(TEN + HOUR, site(1, TEN + HOUR, TEN + HOUR))));

        assertThat(
                        store.query(
                                "select site_id, election, left_at from weir.top_site order by site_id"))
                .containsExactly(
                        "1 2026-05-01 11:00:00+00 2026-05-01 11:00:00+00",
                        "2 2026-05-01 10:00:00+00 null");
    }

    @Test
    void manySitesAreOneTransactionWithTheElectionLast() throws Exception {
        TopSite[] sites = new TopSite[25_000];
        for (int i = 0; i < sites.length; i++) {
            sites[i] = site(i + 1, null, TEN);
        }
        TopSite[] withAFault = sites.clone();
        // total_hits is never negative: the last statement but one fails
        withAFault[24_000] = new TopSite(24_001, -1, 1, 1, TEN - 2, TEN - 1, TEN, null, TEN);

        assertThatIOException()
                .isThrownBy(() -> write(elections(), List.of(election(TEN, withAFault))))
                .withMessageContaining("top_site");
        assertThat(everything()).isEmpty();

        write(elections(), List.of(election(TEN, sites)));
        assertThat(store.query("select count(*) from weir.top_site")).containsExactly("25000");
        assertThat(
                        store.query(
                                "select count(distinct xmin::text) from (select xmin from weir.top_site"
                                        + " union all select xmin from weir.top_site_candidate"
                                        + " union all select xmin from weir.top_site_election) as rows"))
                .as("transactions")
                .containsExactly("1");
    }

    @Test
    void theBatchesHoldCandidatesAndSitesInOrderAndTheElectionLast() {
        var rows = new TreeMap<Long, Election>();
        rows.put(TEN, election(TEN, site(3, null, TEN), site(1, null, TEN)));

        List<Batch<?>> batches = elections().batches(rows);

        assertThat(batches)
                .extracting(batch -> batch.statement().table())
                .containsExactly(
                        "weir.top_site_candidate", "weir.top_site", "weir.top_site_election");
        for (Batch<?> batch : batches.subList(0, 2)) {
            assertThat(batch.rows())
                    .extracting(row -> ((TopSite) row).siteId())
                    .containsExactly(1, 3);
        }
        assertThat(batches.get(2).rows()).hasOnlyElementsOfType(Election.class);
    }

    /** With the rights that the job has. */
    private static StoreOptions asJob() {
        StoreOptions owner = store.options();
        return new StoreOptions(
                owner.url(),
                "elections_job",
                StorePassword.none(),
                owner.schema(),
                owner.tables(),
                owner.batchRows(),
                owner.batchInterval(),
                owner.retryLimit());
    }

    private static ElectionUpsert elections() {
        return new ElectionUpsert("weir");
    }

    private static void configure(String change) throws SQLException {
        store.query("select * from weir.configure_election(" + change + ")");
    }

    private static List<String> everything() throws SQLException {
        List<String> rows = new ArrayList<>();
        rows.addAll(store.query("select * from weir.top_site order by site_id"));
        rows.addAll(store.query("select * from weir.top_site_candidate order by site_id"));
        rows.addAll(store.query("select * from weir.top_site_election order by election"));
        return rows;
    }

    private static <T, K extends Comparable<K>> void write(Upsert<T, K> upsert, List<T> rows)
            throws IOException, InterruptedException {
        StoreWriter<T, K> writer =
                new StoreWriter<>(
                        asJob(),
                        upsert,
                        new TestProcessingTimeService(),
                        UnregisteredMetricsGroup.createSinkWriterMetricGroup());
        try {
            TestStore.write(writer, rows);
            writer.flush(false);
        } finally {
            writer.close();
        }
    }

    private static TopSite elected(int siteId, long election, long hits, @Nullable Long leftAt) {
        long lastMinute = election - HOUR / 6;
        return new TopSite(
                siteId, hits, hits, 1, lastMinute, lastMinute, election, leftAt, election);
    }

    private static TopSite site(int siteId, @Nullable Long leftAt, long election) {
        return new TopSite(
                siteId, 10, 5, 2, election - HOUR, election - HOUR / 2, election, leftAt, election);
    }

    private static Election election(long boundary, TopSite... changed) {
        return new Election(boundary, boundary - 2 * HOUR, 1, changed.length, 3, 2, 1, changed);
    }

    private static long ceil(long seconds, long step) {
        return (seconds + step - 1) / step * step;
    }

    private static long millis(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }
}
