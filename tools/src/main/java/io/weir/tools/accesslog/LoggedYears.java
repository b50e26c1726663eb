package io.weir.tools.accesslog;

import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How many requests logs have in each year, from which it is seen which times are real.
 *
 * <p>A clock that was not set writes 1970, and damage anything up to 9999. One such line would have
 * a job hold the elections of thousands of years. So a time is believed if its year is at most
 * {@value #YEARS_OF_A_SITE} from the median of its site's requests, and at most {@value
 * #YEARS_OF_ALL} from the median of all.
 */
final class LoggedYears implements BelievedTimes {

    static final int YEARS_OF_A_SITE = 10;
    static final int YEARS_OF_ALL = 50;

    private static final int SECONDS_A_DAY = 86_400;

    private final Map<Integer, SortedMap<Integer, Long>> requestsBySite = new HashMap<>();
    private final Map<Integer, Integer> medians = new HashMap<>();
    private @Nullable Integer median;

    void add(int siteId, Instant time) {
        requestsBySite
                .computeIfAbsent(siteId, site -> new TreeMap<>())
                .merge(yearOf(time), 1L, Long::sum);
    }

    /** Whether a time was added that is not believed. */
    boolean haveOthers() {
        return requestsBySite.entrySet().stream()
                .anyMatch(
                        site ->
                                site.getValue().keySet().stream()
                                        .anyMatch(year -> !isNear(site.getKey(), year)));
    }

    /** Of sites and times that were added. */
    @Override
    public boolean hold(int siteId, Instant time) {
        return isNear(siteId, yearOf(time));
    }

    private boolean isNear(int siteId, int year) {
        int ofSite =
                medians.computeIfAbsent(
                        siteId, site -> median(requestsBySite.getOrDefault(site, new TreeMap<>())));
        return Math.abs(year - ofSite) <= YEARS_OF_A_SITE
                && Math.abs(year - median()) <= YEARS_OF_ALL;
    }

    private int median() {
        if (median == null) {
            SortedMap<Integer, Long> all = new TreeMap<>();
            requestsBySite
                    .values()
                    .forEach(site -> site.forEach((year, n) -> all.merge(year, n, Long::sum)));
            median = median(all);
        }
        return median;
    }

    /** The lower one of two. */
    private static int median(SortedMap<Integer, Long> requests) {
        long before = 0;
        long all = requests.values().stream().mapToLong(Long::longValue).sum();
        for (Map.Entry<Integer, Long> year : requests.entrySet()) {
            before += year.getValue();
            if (2 * before >= all) {
                return year.getKey();
            }
        }
        return 0;
    }

    private static int yearOf(Instant time) {
        return LocalDate.ofEpochDay(Math.floorDiv(time.getEpochSecond(), SECONDS_A_DAY)).getYear();
    }
}
