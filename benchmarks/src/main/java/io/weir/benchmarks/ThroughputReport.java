package io.weir.benchmarks;

import io.weir.benchmarks.contestants.Contestants;
import io.weir.benchmarks.contestants.Effort;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What contestants needed for the requests of a topic, round by round, and how they compare. */
final class ThroughputReport {

    private static final String MILLIONS = "%.3f (%.3f..%.3f)";
    private static final String MICROS = "%.2f (%.2f..%.2f)";
    private static final String RATIO = "%.2f (%.2f..%.2f)";
    private static final String JSON = "{\"median\": %.4f, \"min\": %.4f, \"max\": %.4f}";

    private final long records;
    private final Map<Contestants, Sample> millionsPerSecond = new EnumMap<>(Contestants.class);
    private final Map<Contestants, Sample> cpuMicros = new EnumMap<>(Contestants.class);
    private final Map<Contestants, Sample> ratios = new EnumMap<>(Contestants.class);

    /**
     * @param records how many each contestant reads in a round
     */
    ThroughputReport(long records) {
        this.records = records;
    }

    /** Enters a round, which is compared within itself. */
    void add(Map<Contestants, Effort> round) {
        Effort weir = round.get(Contestants.WEIR);
        round.forEach(
                (contestant, effort) -> {
                    sample(millionsPerSecond, contestant).add(records * 1e3 / effort.nanos());
                    sample(cpuMicros, contestant).add(effort.cpuNanos() / 1e3 / records);
                    if (weir != null && contestant != Contestants.WEIR) {
                        sample(ratios, contestant).add((double) effort.nanos() / weir.nanos());
                    }
                });
    }

    private static Sample sample(Map<Contestants, Sample> samples, Contestants contestant) {
        return samples.computeIfAbsent(contestant, any -> new Sample());
    }

    /** The body of a Markdown table. */
    Stream<String> lines() {
        return millionsPerSecond.keySet().stream()
                .map(
                        contestant ->
                                "| %s | %s | %s | %s |"
                                        .formatted(
                                                contestant.title(),
                                                show(millionsPerSecond, contestant, MILLIONS, ""),
                                                show(cpuMicros, contestant, MICROS, ""),
                                                show(ratios, contestant, RATIO, "")));
    }

    private static String show(
            Map<Contestants, Sample> samples,
            Contestants contestant,
            String format,
            String otherwise) {
        Sample sample = samples.get(contestant);
        return sample == null ? otherwise : sample.show(format);
    }

    /**
     * A JSON object: the medians of the ratios by contestant, null for what was not measured, and
     * everything that was.
     *
     * @param workload a JSON object that says what was counted
     */
    String json(String workload) {
        return """
        {
          "workload": %s,
          "ratios": {%s},
          "ratios_spread": {%s},
          "million_events_per_second": {%s},
          "cpu_microseconds_per_event": {%s}
        }
        """
                .formatted(
                        workload,
                        members(ratios, "%1$.4f", "null"),
                        members(ratios, JSON, "null"),
                        members(millionsPerSecond, JSON, "null"),
                        members(cpuMicros, JSON, "null"));
    }

    private static String members(
            Map<Contestants, Sample> samples, String format, String otherwise) {
        return Stream.of(Contestants.values())
                .filter(
                        contestant ->
                                contestant != Contestants.WEIR || samples.containsKey(contestant))
                .map(
                        contestant ->
                                String.format(
                                        Locale.ROOT,
                                        "\"%s\": %s",
                                        contestant.title(),
                                        show(samples, contestant, format, otherwise)))
                .collect(Collectors.joining(", "));
    }
}
