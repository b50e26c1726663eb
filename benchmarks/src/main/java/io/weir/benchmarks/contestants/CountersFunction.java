package io.weir.benchmarks.contestants;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.functions.AggregateFunction;
import org.jspecify.annotations.Nullable;

/** Numbers by name in Flink SQL, as a JSON object. */
@FunctionHint(accumulator = @DataTypeHint("MAP<STRING, BIGINT>"), output = @DataTypeHint("STRING"))
public final class CountersFunction extends AggregateFunction<String, Map<String, Long>> {

    private static final long serialVersionUID = 1;

    @Override
    public Map<String, Long> createAccumulator() {
        return new HashMap<>();
    }

    /** Adds one; Flink finds it by its name. */
    public void accumulate(Map<String, Long> counters, @Nullable String name) {
        if (name != null) {
            counters.merge(name, 1L, Long::sum);
        }
    }

    /** Adds counters; Flink finds it by its name. */
    public void merge(Map<String, Long> counters, Iterable<Map<String, Long>> others) {
        others.forEach(
                other -> other.forEach((name, count) -> counters.merge(name, count, Long::sum)));
    }

    @Override
    public String getValue(Map<String, Long> counters) {
        return counters.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
