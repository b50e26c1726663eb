package io.weir.tools.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is submitted: two that are equal are the same job.
 *
 * @param jar name of a copy in the folder of jars, which begins with a hash of its content
 * @param settings keys and values of the job; never a password, which the job does not take
 * @param parallelism null for the cluster's default
 */
public record Release(
        String jar, SortedMap<String, String> settings, @Nullable Integer parallelism) {

    /** As many as Git shows of a commit. */
    private static final int DIGITS = 7;

    public Release {
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }

    /** The jar's name as it was given, and which of that name it is. */
    @JsonIgnore
    public String title() {
        int end = jar.indexOf('-');
        return "%s (%s)".formatted(jar.substring(end + 1), jar.substring(0, Math.min(end, DIGITS)));
    }

    /** What the job's main is told. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        settings.forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
        return arguments;
    }
}
