package io.weir.tools.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class LoggedYearsTest {

    private final LoggedYears years = new LoggedYears();

    @Test
    void believesTenYearsAroundTheMedianOfASite() {
        add(1, 3, "2024-05-01");
        add(1, 1, "1970-01-01");
        add(1, 1, "9999-12-31");
        add(2, 5, "1995-07-01");
        assertThat(years.haveOthers()).isTrue();
        assertThat(holds(1, "2014-01-01")).isTrue();
        assertThat(holds(1, "2013-12-31")).isFalse();
        assertThat(holds(1, "2034-12-31")).isTrue();
        assertThat(holds(1, "2035-01-01")).isFalse();
        assertThat(holds(1, "1995-07-01")).isFalse();
        assertThat(holds(2, "1995-07-01")).isTrue();
    }

    @Test
    void doesNotBelieveASiteFarFromTheOthers() {
        add(1, 3, "2024-05-01");
        add(2, 2, "9999-05-01");
        add(3, 1, "1974-05-01");
        assertThat(years.haveOthers()).isTrue();
        assertThat(holds(1, "2024-05-01")).isTrue();
        assertThat(holds(2, "9999-05-01")).isFalse();
        assertThat(holds(3, "1974-05-01")).isTrue();
    }

    @Test
    void believesTheEarlierHalf() {
        add(1, 1, "9999-05-01");
        add(1, 1, "2024-05-01");
        assertThat(holds(1, "2024-05-01")).isTrue();
        assertThat(holds(1, "9999-05-01")).isFalse();
    }

    @Test
    void hasNothingAgainstWhatIsNear() {
        add(1, 1, "2003-01-01");
        add(1, 1, "2013-12-31");
        assertThat(years.haveOthers()).isFalse();
    }

    private void add(int siteId, int requests, String day) {
        for (int i = 0; i < requests; i++) {
            years.add(siteId, time(day));
        }
    }

    private boolean holds(int siteId, String day) {
        return years.hold(siteId, time(day));
    }

    private static Instant time(String day) {
        return Instant.parse(day + "T12:00:00Z");
    }
}
