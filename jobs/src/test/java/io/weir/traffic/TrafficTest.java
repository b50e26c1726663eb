package io.weir.traffic;

import static io.weir.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.request.HttpRequest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrafficTest {

    private static final long TEN = at("10:00:00");

    @Test
    void anEmptyTrafficMakesAnEmptyRow() {
        TrafficRow row = new Traffic().toRow(Grain.MINUTE, 7, TEN, true, false, 1);

        assertThat(row)
                .usingRecursiveComparison()
                .isEqualTo(
                        new TrafficRow(
                                Grain.MINUTE,
                                7,
                                TEN,
                                0,
                                0,
                                0,
                                0,
                                0,
                                null,
                                0,
                                HexFormat.of().parseHex("118b40"),
                                "{}",
                                "{}",
                                "{}",
                                true,
                                false,
                                1));
    }

    @Test
    void countsEveryMeasureOfEveryRequest() {
        Traffic traffic = new Traffic();
        traffic.add(new HttpRequest(7, TEN, 200, 2048L, 2, 10, "US", null));
        traffic.add(new HttpRequest(7, TEN, 399, null, 0, 5, "BR", null));
        traffic.add(new HttpRequest(7, TEN, 400, 2048L, HttpRequest.NOT_TIMED, 0, "US", null));
        traffic.add(new HttpRequest(7, TEN, 503, null, HttpRequest.NOT_TIMED, 7, "ZZ", null));

        assertThat(traffic.toRow(Grain.HOUR, 7, TEN, false, false, 1))
                .usingRecursiveComparison()
                .isEqualTo(
                        new TrafficRow(
                                Grain.HOUR,
                                7,
                                TEN,
                                4,
                                2,
                                2,
                                2,
                                2,
                                2L,
                                22,
                                // hash 2048: register 0, rank 1
                                HexFormat.of().parseHex("138b400001"),
                                "{\"BR\": 1, \"US\": 2, \"ZZ\": 1}",
                                "{\"200\": 1, \"399\": 1, \"400\": 1, \"503\": 1}",
                                "[0:14]={1,0,0,0,0,0,0,0,0,0,0,0,0,0,1}",
                                false,
                                false,
                                1));
    }

    @Test
    void mergingIsAddingInAnyOrder() {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            Traffic all = new Traffic();
            Traffic left = new Traffic();
            Traffic right = new Traffic();
            for (int i = random.nextInt(300); i > 0; i--) {
                HttpRequest request = anyRequest(random);
                all.add(request);
                (random.nextBoolean() ? left : right).add(request);
            }
            Traffic leftFirst = left.copy();
            leftFirst.merge(right);
            right.merge(left);

            assertThat(leftFirst).isEqualTo(all).isEqualTo(right);
        }
    }

    @Test
    void aSumThatNoLongCanHoldStaysAtTheLargest() {
        Traffic traffic = new Traffic();
        traffic.add(new HttpRequest(7, TEN, 200, null, 0, 1L << 62, "ZZ", null));
        traffic.merge(traffic.copy());
        traffic.add(new HttpRequest(7, TEN, 200, null, 0, 1L << 62, "ZZ", null));

        assertThat(traffic.toRow(Grain.DAY, 7, TEN, true, true, 1).bytesSum())
                .isEqualTo(Long.MAX_VALUE);
    }

    static HttpRequest anyRequest(Random random) {
        return new HttpRequest(
                7,
                TEN,
                100 + random.nextInt(500),
                random.nextInt(4) == 0 ? null : random.nextLong(),
                random.nextInt(4) == 0 ? HttpRequest.NOT_TIMED : random.nextLong(1L << 30),
                random.nextLong(1L << 40),
                random.nextBoolean() ? "BR" : "DE",
                null);
    }
}
