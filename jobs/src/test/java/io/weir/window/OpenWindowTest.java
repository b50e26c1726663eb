package io.weir.window;

import static io.weir.Samples.at;
import static io.weir.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.traffic.Grain;
import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficRow;
import org.junit.jupiter.api.Test;

class OpenWindowTest {

    /** A row waits in the writer, and with object reuse nothing is copied on the way there. */
    @Test
    void aRowStaysAsItWasWhenTheWindowGoesOn() {
        OpenWindow window = OpenWindow.of(one());
        TrafficRow row = window.toRow(Grain.MINUTE, 1, at("10:00:00"), true, 0);

        window.plus(one());

        assertThat(row.traffic()).isEqualTo(one());
        assertThat(window.traffic().requestCount()).isEqualTo(2);
    }

    private static Traffic one() {
        Traffic traffic = new Traffic();
        traffic.add(request(1, at("10:00:00")));
        return traffic;
    }
}
