package io.weir.tools.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.weir.config.JobOptions;
import io.weir.config.KafkaOptions;
import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.JobGroups;
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

    private static final String GROUP = "kafka.group-id";

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
    List<String> arguments(boolean isInSecondGroup) {
        SortedMap<String, String> told = new TreeMap<>(settings);
        if (isInSecondGroup) {
            told.put(GROUP, group(true));
        }
        List<String> arguments = new ArrayList<>();
        told.forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
        return arguments;
    }

    /** The consumer group that shows its progress. */
    String group(boolean isInSecondGroup) {
        String configured = kafka().groupId();
        return isInSecondGroup ? new JobGroups(configured).second() : configured;
    }

    /**
     * Where it reads.
     *
     * @throws CommandException when a file that the settings name is gone
     */
    KafkaOptions kafka() {
        try {
            return JobOptions.of(settings).kafka();
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    "the settings of %s cannot be used any more: %s: give them anew with --config"
                            .formatted(title(), e.getMessage()),
                    e);
        }
    }
}
