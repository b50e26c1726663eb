package io.weir.tools.cluster;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/** What a process of a cluster is, by the entry points of Flink's distribution. */
enum FlinkRole {
    JOB_MANAGER(
            "jobmanager",
            StandaloneSessionClusterEntrypoint.class,
            CoreOptions.FLINK_JM_JVM_OPTIONS) {
        @Override
        List<String> memoryOfJvm(Configuration settings) {
            return FlinkSettings.words(
                    JobManagerProcessUtils.generateJvmParametersStr(spec(settings), settings));
        }

        @Override
        List<String> arguments(Configuration settings) {
            return FlinkSettings.words(
                    JobManagerProcessUtils.generateDynamicConfigsStr(spec(settings)));
        }

        private JobManagerProcessSpec spec(Configuration settings) {
            return JobManagerProcessUtils.processSpecFromConfig(settings);
        }
    },

    TASK_MANAGER("taskmanager", TaskManagerRunner.class, CoreOptions.FLINK_TM_JVM_OPTIONS) {
        @Override
        List<String> memoryOfJvm(Configuration settings) {
            return FlinkSettings.words(
                    ProcessMemoryUtils.generateJvmParametersStr(
                            TaskExecutorProcessUtils.processSpecFromConfig(settings)));
        }

        @Override
        List<String> arguments(Configuration settings) {
            return FlinkSettings.taskManagerArguments(settings);
        }
    };

    private final String title;
    private final Class<?> main;

    @SuppressWarnings("ImmutableEnumChecker") // it is, but not marked so
    private final ConfigOption<String> ownOptions;

    FlinkRole(String title, Class<?> main, ConfigOption<String> ownOptions) {
        this.title = title;
        this.main = main;
        this.ownOptions = ownOptions;
    }

    /** {@code jobmanager} or {@code taskmanager}. */
    String title() {
        return title;
    }

    Class<?> main() {
        return main;
    }

    /** Options of the JVM, as Flink's scripts would give them. */
    List<String> jvmOptions(Configuration settings) {
        List<String> options = new ArrayList<>(memoryOfJvm(settings));
        for (ConfigOption<String> option : List.of(CoreOptions.FLINK_JVM_OPTIONS, ownOptions)) {
            String given = settings.get(option).strip();
            if (!given.isEmpty()) {
                options.addAll(FlinkSettings.words(given));
            }
        }
        return options;
    }

    abstract List<String> memoryOfJvm(Configuration settings);

    /** What the entry point is told beside the configuration. */
    abstract List<String> arguments(Configuration settings);
}
