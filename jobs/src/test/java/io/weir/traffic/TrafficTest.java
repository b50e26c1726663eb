package io.weir.traffic;

import static io.weir.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.request.HttpRequest;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrafficTest {

    private static final long TEN = at("10:00:00");

    @Test
    void anEmptyTrafficHasEmptyMeasures() {
        assertThat(measures(new Traffic()))
                .containsExactly(
                        "request_count 0",
                        "success_count 0",
                        "error_count 0",
                        "timed_count 0",
                        "response_time_sum_usec 0",
                        "response_time_max_usec null",
                        "bytes_sum 0",
                        "distinct_ip_addresses 118b40",
                        "country_counters {}",
                        "status_counters {}",
                        "response_time_histogram {}",
                        "duplicate_count 0");
    }

    @Test
    void countsEveryMeasureOfEveryRequest() {
        Traffic traffic = new Traffic();
        traffic.add(new HttpRequest(7, TEN, 200, 2048L, 2, 10, "US"));
        traffic.add(new HttpRequest(7, TEN, 399, null, 0, 5, "BR"));
        traffic.add(new HttpRequest(7, TEN, 400, 2048L, HttpRequest.NOT_TIMED, 0, "US"));
        traffic.add(new HttpRequest(7, TEN, 503, null, HttpRequest.NOT_TIMED, 7, "ZZ"));
        traffic.add(new HttpRequest(7, TEN, 204, 4096L, 3, 11, "DE").asDuplicateAt(TEN));

        assertThat(measures(traffic))
                .containsExactly(
                        "request_count 4",
                        "success_count 2",
                        "error_count 2",
                        "timed_count 2",
                        "response_time_sum_usec 2",
                        "response_time_max_usec 2",
                        "bytes_sum 22",
                        // hash 2048: register 0, rank 1
                        "distinct_ip_addresses 138b400001",
                        "country_counters {\"BR\": 1, \"US\": 2, \"ZZ\": 1}",
                        "status_counters {\"200\": 1, \"399\": 1, \"400\": 1, \"503\": 1}",
                        "response_time_histogram [0:14]={1,0,0,0,0,0,0,0,0,0,0,0,0,0,1}",
                        "duplicate_count 1");
    }

    /** Otherwise no test of this class and of the serializer's would miss the measure. */
    @ParameterizedTest
    @MethodSource("all")
    void anyRequestsSetEveryMeasure(Measure measure) {
        assertThat(measure.value().apply(anyTraffic()))
                .as("set %s in anyRequest", measure.column())
                .isNotEqualTo(measure.value().apply(new Traffic()));
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyMeasureMergesAsItsKindSays(Measure measure) {
        Traffic one = anyTraffic();
        Traffic both = one.copy();
        both.merge(one);

        Object value = measure.value().apply(one);
        Object merged = measure.value().apply(both);

        switch (measure.kind()) {
            case SUM -> assertThat(merged).isEqualTo(2 * (Long) Objects.requireNonNull(value));
            case MAX, DISTINCT -> assertThat(merged).isEqualTo(value);
            case COUNTERS, HISTOGRAM -> assertThat(merged).isNotEqualTo(value);
        }
    }

    /** What no measure reads is written nowhere. */
    @Test
    void everyFieldIsReadByAMeasure() throws IllegalAccessException {
        for (Field field : Traffic.class.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
                Traffic without = anyTraffic();
                field.set(without, field.get(new Traffic()));

                assertThat(without)
                        .as("no measure reads %s", field.getName())
                        .isNotEqualTo(anyTraffic());
            }
        }
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
    void aCopyIsOnItsOwn() {
        Traffic traffic = anyTraffic();
        Traffic copy = traffic.copy();
        assertThat(copy).isEqualTo(traffic);

        copy.merge(anyTraffic());

        assertThat(traffic).isEqualTo(anyTraffic()).isNotEqualTo(copy);
    }

    @Test
    void aSumThatNoLongCanHoldStaysAtTheLargest() {
        Traffic traffic = new Traffic();
        traffic.add(new HttpRequest(7, TEN, 200, null, 0, 1L << 62, "ZZ"));
        traffic.merge(traffic.copy());
        traffic.add(new HttpRequest(7, TEN, 200, null, 0, 1L << 62, "ZZ"));

        assertThat(measures(traffic)).contains("bytes_sum 9223372036854775807");
    }

    private static List<Measure> all() {
        return Measure.ALL;
    }

    private static List<String> measures(Traffic traffic) {
        return Measure.ALL.stream()
                .map(measure -> measure.column() + " " + text(measure.value().apply(traffic)))
                .toList();
    }

    private static String text(@Nullable Object value) {
        return value instanceof byte[] bytes
                ? HexFormat.of().formatHex(bytes)
                : String.valueOf(value);
    }

    /** A hundred requests, always the same. */
    private static Traffic anyTraffic() {
        Traffic traffic = new Traffic();
        Random random = new Random(7);
        for (int i = 0; i < 100; i++) {
            traffic.add(anyRequest(random));
        }
        return traffic;
    }

    static HttpRequest anyRequest(Random random) {
        HttpRequest request =
                new HttpRequest(
                        7,
                        TEN,
                        100 + random.nextInt(500),
                        random.nextInt(4) == 0 ? null : random.nextLong(),
                        random.nextInt(4) == 0 ? HttpRequest.NOT_TIMED : random.nextLong(1L << 30),
                        random.nextLong(1L << 40),
                        random.nextBoolean() ? "BR" : "DE");
        return random.nextInt(8) == 0 ? request.asDuplicateAt(TEN) : request;
    }
}
