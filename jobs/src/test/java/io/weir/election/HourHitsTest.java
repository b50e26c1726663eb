package io.weir.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class HourHitsTest {

    @Test
    void anHourIsTheSameWhenItIsUnpacked() throws IOException {
        long[] hits = new long[60];
        hits[0] = 1;
        hits[31] = 127;
        hits[32] = 128;
        hits[58] = 2_000_000_000_000L;
        hits[59] = Long.MAX_VALUE;

        assertThat(HourHits.unpack(HourHits.pack(hits))).isEqualTo(hits);
        assertThat(HourHits.unpack(HourHits.pack(new long[60]))).isEqualTo(new long[60]);
    }

    /** Format, minutes 0 and 9, and 5 and 300 hits: what a savepoint holds stays readable. */
    @Test
    void thePackedFormIsAsDocumented() throws IOException {
        long[] hits = new long[60];
        hits[0] = 5;
        hits[9] = 300;

        assertThat(HourHits.pack(hits))
                .containsExactly(1, 0, 0, 0, 0, 0, 0, 2, 1, 5, 300 - 256 + 128, 300 / 128);
    }

    @Test
    void anUnknownFormatIsRefused() {
        assertThatIOException()
                .isThrownBy(() -> HourHits.unpack(new byte[] {2, 0}))
                .withMessageContaining("format 2");
    }
}
