package io.weir.tools.cli;

import io.weir.tools.cluster.ClusterFolder;
import io.weir.tools.cluster.FlinkJobs;
import io.weir.tools.cluster.LocalCluster;
import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.FlinkRest;
import io.weir.tools.connect.FlinkRest.UnexpectedAnswerException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster. */
final class ClusterArguments {

    @Option(
            names = "--flink",
            paramLabel = "URL",
            description =
                    "The REST interface of a cluster that is there (default: of the one that"
                            + " 'weir cluster start' started)")
    private @Nullable URI flink;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description =
                    "Where it is kept what was started and submitted (default:"
                            + " ~/.local/state/weir/cluster, or cluster-at-HOST-PORT with --flink)")
    private @Nullable Path folder;

    /** What is done with a cluster. */
    interface Work<T> {
        T with(FlinkJobs flink, ClusterFolder folder) throws IOException, InterruptedException;
    }

    boolean isElsewhere() {
        return flink != null;
    }

    /** A cluster that was started here has one folder, whichever way it is named. */
    private ClusterFolder folder() throws IOException {
        if (folder != null) {
            return new ClusterFolder(folder);
        }
        URI address = address(flink);
        LocalCluster own = new LocalCluster(ClusterFolder.ofUser(null));
        return address == null || own.isThere() && own.isAt(address)
                ? ClusterFolder.ofUser(null)
                : ClusterFolder.ofUser(address);
    }

    private static @Nullable URI address(@Nullable URI flink) {
        return flink == null ? null : DoctorCommand.requireAddress(flink);
    }

    /** Looks at the cluster. */
    <T> T look(Work<T> work) throws IOException, InterruptedException {
        ClusterFolder where = folder();
        String name = "Flink";
        try {
            URI address = address(flink);
            if (address == null) {
                LocalCluster local = new LocalCluster(where);
                if (!local.isThere()) {
                    throw new CommandException(
                            "no cluster was started in %s: 'weir cluster start' does, --flink names another one"
                                    .formatted(where.root()));
                }
                address = local.address();
            }
            name = "Flink at " + address;
            return work.with(new FlinkJobs(new FlinkRest(address)), where);
        } catch (UnexpectedAnswerException e) {
            throw new CommandException(
                    "%s answers %s: %s".formatted(name, e.getMessage(), e.reason()), e);
        } catch (FileSystemException e) {
            throw new CommandException("cannot use %s: %s".formatted(where.root(), e), e);
        } catch (IOException e) {
            throw new CommandException(
                    "%s does not answer (%s): 'weir cluster start' brings back one that was started here, --flink names another"
                            .formatted(name, e.getMessage()),
                    e);
        }
    }

    /** Changes something on the cluster, while no other command does. */
    <T> T change(Work<T> work) throws IOException, InterruptedException {
        return look(
                (jobs, where) -> {
                    try (FileChannel lock = where.lock()) {
                        return work.with(jobs, where);
                    }
                });
    }
}
