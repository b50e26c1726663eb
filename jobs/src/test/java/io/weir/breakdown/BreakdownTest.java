package io.weir.breakdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.weir.breakdown.Breakdown.Followed;
import io.weir.request.HttpRequest;
import io.weir.view.ViewKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BreakdownTest {

    /** The register that the one key of the format's test fills. */
    private static final String REGISTER = "32e1";

    @Test
    void countsWhatWasMeasuredUnderEachKey() {
        Breakdown breakdown = new Breakdown();
        breakdown.add(
                part(
                        100,
                        Map.of(
                                key("/a"),
                                counts(
                                        new HttpRequest(1, 0, 200, null, 1_500, 10, "BR"),
                                        new HttpRequest(1, 0, 503, null, -1, 5, "BR")),
                                key("/b"),
                                counts(new HttpRequest(1, 0, 404, null, 700, 1, "PT")))));

        assertThat(breakdown.entries())
                .extracting(entry -> entry.getKey().first(), entry -> shown(entry.getValue()))
                .containsExactly(
                        tuple("/a", "2 1 15 1 1500 missed 0"), tuple("/b", "1 1 1 1 700 missed 0"));
        assertThat(breakdown.total().requests()).isEqualTo(3);
        assertThat(breakdown.total().errors()).isEqualTo(2);
        assertThat(breakdown.total().bytes()).isEqualTo(16);
        assertThat(breakdown.unlistedMax()).isZero();
        assertThat(breakdown.isExact()).isTrue();
    }

    @Test
    void listsTheMostRequestedAndOfEqualOnesTheFirstByText() {
        Breakdown breakdown = new Breakdown();
        breakdown.add(part(2, Map.of(key("/c"), of(3), key("/b"), of(3), key(null), of(3))));
        breakdown.add(part(2, Map.of(key("/d"), of(4), key("/e"), of(1))));

        assertThat(breakdown.entries())
                .extracting(entry -> entry.getKey().first())
                .containsExactly("/d", null);
        assertThat(breakdown.unlistedMax()).isEqualTo(3);
        assertThat(breakdown.total().requests()).isEqualTo(14);
        assertThat(breakdown.isExact()).isTrue();
    }

    /** Room for 10 keys, and 11 come, with 11, 10, ... 1 requests: 5 or less are forgotten. */
    @Test
    void forgetsTheSmallerHalfOfTheKeysWhenThereAreTooMany() {
        Breakdown breakdown = new Breakdown();
        for (int requests = 11; requests >= 1; requests--) {
            breakdown.add(part(2, Map.of(key("/" + requests), of(requests))));
        }

        assertThat(breakdown.isExact()).isFalse();
        assertThat(breakdown.entries())
                .extracting(entry -> entry.getKey().first(), entry -> shown(entry.getValue()))
                .containsExactly(
                        tuple("/11", "11 0 0 0 0 missed 0"), tuple("/10", "10 0 0 0 0 missed 0"));
        // of 11 ... 2 those with 6 and less were forgotten, then 7 ... 9 are not listed
        assertThat(breakdown.unlistedMax()).isEqualTo(9);
        breakdown.add(part(2, Map.of(key("/2"), of(20))));
        assertThat(shown(breakdown.entries().get(0).getValue())).isEqualTo("20 0 0 0 0 missed 6");
        assertThat(breakdown.total().requests()).isEqualTo(86);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void theTruthIsWithinTheBoundsWhateverComes(int seed) {
        Random random = new Random(seed);
        int top = 1 + random.nextInt(20);
        int keys = 1 + random.nextInt(5_000);
        double skew = random.nextDouble() * 2;
        Map<ViewKey, Long> truth = new HashMap<>();
        Breakdown breakdown = new Breakdown();
        long sum = 0;
        for (int i = 0; i < 2_000; i++) {
            Map<ViewKey, Counts> part = new HashMap<>();
            for (int j = random.nextInt(5); j >= 0; j--) {
                ViewKey key = key("/" + (int) (keys * Math.pow(random.nextDouble(), 1 + skew)));
                long count = random.nextInt(10) == 0 ? 1 + random.nextInt(50) : 1;
                if (part.putIfAbsent(key, of(count)) == null) {
                    truth.merge(key, count, Long::sum);
                    sum += count;
                }
            }
            breakdown.add(part(top, part));
        }

        Set<ViewKey> listed =
                breakdown.entries().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
        breakdown
                .entries()
                .forEach(
                        entry -> {
                            long counted = entry.getValue().counts().requests();
                            assertThat(truth.get(entry.getKey()))
                                    .isBetween(counted, counted + entry.getValue().missed());
                        });
        truth.forEach(
                (key, count) -> {
                    if (!listed.contains(key)) {
                        assertThat(count).isLessThanOrEqualTo(breakdown.unlistedMax());
                    }
                });
        assertThat(breakdown.total().requests()).isEqualTo(sum);
        long worst =
                breakdown.entries().stream()
                        .mapToLong(entry -> entry.getValue().missed())
                        .max()
                        .orElse(0);
        assertThat(worst).isLessThanOrEqualTo(2 * sum / (5L * top));
        assertThat(breakdown.isExact()).isEqualTo(truth.size() <= 5 * top);
    }

    @Test
    void theOrderOfPartsDoesNotMatterWhileAllKeysAreFollowed() throws IOException {
        List<BreakdownPartial> parts = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            parts.add(part(20, Map.of(key("/" + i % 99), of(1 + i % 7), key("/x"), of(2))));
        }
        Breakdown one = new Breakdown();
        parts.forEach(one::add);
        Collections.shuffle(parts, new Random(1));
        Breakdown other = new Breakdown();
        parts.forEach(other::add);

        assertThat(lines(one)).isEqualTo(lines(other));
        assertThat(one.keys().toBytes()).isEqualTo(other.keys().toBytes());
        assertThat(lines(read(written(one)))).isEqualTo(lines(one));
        assertThat(lines(one.copy())).isEqualTo(lines(one));
    }

    /** As today's code writes it; later code must read it. */
    @Test
    void readsFormat1() throws IOException {
        Breakdown breakdown = new Breakdown();
        breakdown.add(
                part(
                        3,
                        Map.of(
                                new ViewKey("é", null),
                                counts(new HttpRequest(1, 0, 503, null, 1_500, 300, "BR")))));
        String format1 =
                "01"
                        + "03"
                        + "00"
                        + "0101ac0201dc0b"
                        + "05138b40"
                        + REGISTER
                        + "01"
                        + "03c3a9"
                        + "00"
                        + "00"
                        + "0101ac0201dc0b";

        assertThat(HexFormat.of().formatHex(written(breakdown))).isEqualTo(format1);
        assertThat(lines(read(HexFormat.of().parseHex(format1)))).isEqualTo(lines(breakdown));
    }

    @Test
    void aCopyDoesNotGoOnCounting() throws IOException {
        Breakdown breakdown = new Breakdown();
        breakdown.add(part(3, Map.of(key("/a"), of(1))));
        Breakdown copy = breakdown.copy();
        breakdown.add(part(3, Map.of(key("/a"), of(1), key("/b"), of(1))));

        assertThat(lines(copy)).containsExactly("/a 1 0 0 0 0 missed 0");
        assertThat(copy.total().requests()).isEqualTo(1);
    }

    private static List<String> lines(Breakdown breakdown) {
        return breakdown.entries().stream()
                .map(entry -> entry.getKey().first() + " " + shown(entry.getValue()))
                .toList();
    }

    private static String shown(Followed followed) {
        Counts counts = followed.counts();
        return "%d %d %d %d %d missed %d"
                .formatted(
                        counts.requests(),
                        counts.errors(),
                        counts.bytes(),
                        counts.timed(),
                        counts.responseTimeMicros(),
                        followed.missed());
    }

    private static byte[] written(Breakdown breakdown) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        BreakdownSerializer.INSTANCE.serialize(breakdown, out);
        return out.getCopyOfBuffer();
    }

    private static Breakdown read(byte[] bytes) throws IOException {
        return BreakdownSerializer.INSTANCE.deserialize(new DataInputDeserializer(bytes));
    }

    private static ViewKey key(@Nullable String first) {
        return new ViewKey(first, null);
    }

    private static BreakdownPartial part(int top, Map<ViewKey, Counts> byKey) {
        return new BreakdownPartial(1, 1, 0, top, byKey);
    }

    private static Counts of(long requests) {
        Counts counts = new Counts();
        for (long i = 0; i < requests; i++) {
            counts.add(new HttpRequest(1, 0, 200, null, -1, 0, "BR"));
        }
        return counts;
    }

    private static Counts counts(HttpRequest... requests) {
        Counts counts = new Counts();
        for (HttpRequest request : requests) {
            counts.add(request);
        }
        return counts;
    }
}
