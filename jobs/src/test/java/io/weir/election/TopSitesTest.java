package io.weir.election;

import static io.weir.Samples.at;
import static io.weir.election.MemoryStore.settings;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who comes into the list, what is counted there, and who leaves it. */
class TopSitesTest {

    // The faults of the procedures that this took its idea from

    @Test
    void beyondTheLimitTheNewestWebsitesStay() {
        PlainElections run = new PlainElections(limitedTo(2));
        run.minute(1, at("09:01:00"), 900).minute(2, at("09:02:00"), 10);
        run.minute(3, at("09:03:00"), 10).holdAll();

        assertThat(run.list()).containsExactly(2, 3);
        assertThat(run.site(1).leftAtMillis()).isEqualTo(at("10:00:00"));
    }

    @Test
    void twoElectionsCountTheSameHitsOnce() {
        PlainElections run = new PlainElections(limitedTo(1000));
        run.minute(1, at("09:30:00"), 10).minute(1, at("10:30:00"), 20).holdAll();

        assertThat(run.boundaries()).containsExactly("15T10:00", "15T11:00");
        assertThat(run.site(1).totalHits()).isEqualTo(30);
        assertThat(run.site(1).lastElectionHits()).isEqualTo(30);
        assertThat(run.site(1).timesElected()).isEqualTo(2);
    }

    @Test
    void aWebsiteWithoutTrafficIsNotElectedForEver() {
        PlainElections run = new PlainElections(limitedTo(1000));
        run.minute(1, at("09:30:00"), 10).minute(2, at("23:00:00"), 10).holdAll();

        assertThat(run.site(1))
                .isEqualTo(
                        new TopSite(
                                1,
                                10,
                                10,
                                2,
                                at("09:30:00"),
                                at("09:30:00"),
                                at("11:00:00"),
                                null,
                                at("11:00:00")));
    }

    @Test
    void everySettingCounts() {
        assertThat(outcome("PT2H", "PT1H", 10, 1000, "P90D"))
                .isEqualTo("15T10:00 15T11:00 15T12:00 [1, 2]");
        assertThat(outcome("PT1H", "PT1H", 10, 1000, "P90D"))
                .as("election_window")
                .isEqualTo("15T10:00 15T11:00 15T12:00 [1]");
        assertThat(outcome("PT2H", "PT2H", 10, 1000, "P90D"))
                .as("election_schedule_interval")
                .isEqualTo("15T10:00 15T12:00 [1]");
        assertThat(outcome("PT2H", "PT1H", 13, 1000, "P90D"))
                .as("min_hits_threshold")
                .isEqualTo("15T10:00 15T11:00 15T12:00 [1]");
        assertThat(outcome("PT2H", "PT1H", 10, 1, "P90D"))
                .as("max_longterm_entries")
                .isEqualTo("15T10:00 15T11:00 15T12:00 [2]");
        assertThat(outcome("PT2H", "PT1H", 10, 1000, "PT2H"))
                .as("longterm_retention_period")
                .isEqualTo("15T10:00 15T11:00 15T12:00 [2]");
    }

    /** Site 1 has all its hits in an hour, site 2 in two. */
    private static String outcome(
            String window, String interval, long minHits, int maxEntries, String retention) {
        PlainElections run =
                new PlainElections(
                        settings(
                                1,
                                Long.MIN_VALUE,
                                window,
                                interval,
                                minHits,
                                maxEntries,
                                retention));
        run.minute(1, at("09:50:00"), 20);
        run.minute(2, at("09:51:00"), 6).minute(2, at("10:51:00"), 6);
        run.minute(3, at("11:30:00"), 1).holdAll();
        return String.join(" ", run.boundaries()) + " " + run.list();
    }

    @Test
    void firstSeenIsTheEarliestMinuteOfTheFirstElection() {
        PlainElections run = new PlainElections(limitedTo(1000));
        run.minute(1, at("09:50:00"), 10).minute(1, at("09:20:00"), 10);
        run.minute(1, at("10:40:00"), 10).holdAll();

        assertThat(run.site(1).firstSeenMillis()).isEqualTo(at("09:20:00"));
        assertThat(run.site(1).lastSeenMillis()).isEqualTo(at("10:40:00"));
    }

    // The list

    @Test
    void ofSitesSeenInTheSameMinuteThoseWithMoreHitsStayThenTheLowerId() {
        PlainElections run = new PlainElections(limitedTo(2));
        run.minute(1, at("09:01:00"), 10).minute(2, at("09:01:00"), 11);
        run.minute(3, at("09:01:00"), 10).holdAll();

        assertThat(run.list()).containsExactly(1, 2);
    }

    @Test
    void aSiteUnseenForTheRetentionPeriodLeavesAtThatElection() {
        PlainElections run =
                new PlainElections(settings(1, Long.MIN_VALUE, "PT2H", "PT1H", 10, 9, "PT5H"));
        run.minute(1, at("09:00:00"), 10).minute(2, at("09:01:00"), 10);
        run.minute(3, at("14:30:00"), 1).holdAll();

        assertThat(run.site(1).leftAtMillis()).isEqualTo(at("14:00:00"));
        assertThat(run.site(2).leftAtMillis()).isEqualTo(at("15:00:00"));
        assertThat(run.elections()).extracting(Election::left).containsExactly(0, 0, 0, 0, 1, 1);
        assertThat(run.elections()).extracting(Election::listed).containsExactly(2, 2, 2, 2, 1, 0);
    }

    @Test
    void aSiteThatReturnsStartsAnewWithWhatNoElectionHasCounted() {
        PlainElections run = new PlainElections(limitedTo(1));
        run.minute(1, at("09:10:00"), 100).minute(2, at("09:20:00"), 10);
        run.minute(1, at("10:10:00"), 7).minute(2, at("10:05:00"), 10).holdAll();

        assertThat(run.elections().get(0).changed()[0].leftAtMillis()).isEqualTo(at("10:00:00"));
        assertThat(run.site(1))
                .isEqualTo(
                        new TopSite(
                                1,
                                7,
                                107,
                                1,
                                at("10:10:00"),
                                at("10:10:00"),
                                at("11:00:00"),
                                null,
                                at("11:00:00")));
        assertThat(run.list()).containsExactly(1);
    }

    @Test
    void aSiteThatReturnsWithNothingNewStartsAtTheEarliestMinuteOfTheWindow() {
        TopSites sites = new TopSites(new HashMap<>(), new HashMap<>(Map.of(1, at("10:00:00"))));

        Election election =
                sites.hold(
                        at("10:15:00"),
                        ElectionCalendar.of(List.of(limitedTo(1))),
                        new ArrayList<>(List.of(candidate(1, "10:15:00", 9))));

        assertThat(election.changed()).extracting(TopSite::totalHits).containsExactly(0L);
        assertThat(election.changed())
                .extracting(TopSite::firstSeenMillis)
                .containsExactly(at("09:10:00"));
    }

    @Test
    void anElectionTakesItsOwnCandidatesOnly() {
        TopSites sites = new TopSites(new HashMap<>(), new HashMap<>());
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(candidate(1, "11:00:00", 9));
        candidates.add(candidate(2, "10:00:00", 9));

        Election election =
                sites.hold(at("10:00:00"), ElectionCalendar.of(List.of(limitedTo(9))), candidates);

        assertThat(election.changed()).extracting(TopSite::siteId).containsExactly(2);
        assertThat(candidates).extracting(Candidate::siteId).containsExactly(1);
    }

    @Test
    void whatAnotherJobHasLeftReplacesTheList() {
        TopSites sites = new TopSites(new HashMap<>(), new HashMap<>(Map.of(3, at("10:00:00"))));
        TopSite listed = TopSite.newcomer(candidate(1, "10:00:00", 9), Long.MIN_VALUE);
        TopSite left =
                TopSite.newcomer(candidate(2, "10:00:00", 9), at("10:00:00"))
                        .removed(at("10:00:00"));
        sites.startFrom(List.of(listed, left));

        assertThat(sites.listed()).containsOnly(Map.entry(1, listed));
        assertThat(sites.countedOfLeft()).containsOnly(Map.entry(2, at("10:00:00")));
        sites.forgetLeft(at("10:00:00") - 1);
        assertThat(sites.countedOfLeft()).hasSize(1);
        sites.forgetLeft(at("10:00:00"));
        assertThat(sites.countedOfLeft()).isEmpty();
    }

    @Test
    void anElectionSaysWhatItDid() {
        PlainElections run = new PlainElections(limitedTo(2));
        run.minute(1, at("08:50:00"), 10).minute(2, at("08:51:00"), 10);
        run.minute(3, at("10:01:00"), 10).minute(4, at("10:02:00"), 10);
        run.minute(5, at("09:30:00"), 10).holdAll();

        Election last = run.elections().get(2);
        assertThat(last)
                .usingRecursiveComparison()
                .ignoringFields("changed")
                .isEqualTo(
                        new Election(
                                at("11:00:00"), at("09:00:00"), 1, 3, 2, 2, 2, new TopSite[0]));
        assertThat(last.changed()).extracting(TopSite::siteId).containsExactly(2, 3, 4, 5);
    }

    /** With traffic at 09:10 only. */
    private static Candidate candidate(int siteId, String election, long hits) {
        return new Candidate(
                siteId,
                at(election),
                hits,
                at("09:10:00"),
                new HitsBetweenElections[] {
                    new HitsBetweenElections(at("09:00:00"), at("09:10:00"), hits)
                });
    }

    private static ElectionSettings limitedTo(int entries) {
        return settings(1, Long.MIN_VALUE, "PT2H", "PT1H", 5, entries, "P90D");
    }
}
