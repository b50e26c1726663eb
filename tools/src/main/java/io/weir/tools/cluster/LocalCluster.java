package io.weir.tools.cluster;

import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.FlinkRest;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.jspecify.annotations.Nullable;

/**
 * A JobManager and TaskManagers on this machine, each in a process that stays when the command or
 * its terminal ends. The folder says which they are.
 */
public final class LocalCluster {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String JSON = ".json";

    private final ClusterFolder folder;

    public LocalCluster(ClusterFolder folder) {
        this.folder = folder;
    }

    /**
     * What is to run.
     *
     * @param flinkConf folder of Flink's configuration
     * @param taskManagers null for as many as there were, or one
     * @param slots of each TaskManager, null for as many as before, or what the configuration says
     * @param restPort null for that of before, or Flink's default
     */
    public record Wanted(
            Path flinkConf,
            @Nullable Integer taskManagers,
            @Nullable Integer slots,
            @Nullable Integer restPort) {}

    /**
     * Starts what does not run yet, and waits until all TaskManagers are registered.
     *
     * @return whether anything was started
     * @throws CommandException when it runs with other settings, or does not come up
     */
    public boolean start(Wanted wanted, Consumer<String> say)
            throws IOException, InterruptedException {
        List<FlinkProcess> before = processes();
        Configuration settings;
        if (before.stream().anyMatch(FlinkProcess::isAlive)) {
            settings = settingsOfRunning(wanted);
        } else {
            settings = newSettings(wanted, before.isEmpty());
            stop(say);
        }
        int taskManagers =
                Objects.requireNonNullElseGet(
                        wanted.taskManagers(), () -> Math.max(1, before.size() - 1));
        List<FlinkProcess> running = new ArrayList<>();
        boolean anyStarted = ensure(FlinkRole.JOB_MANAGER, "", settings, running, say);
        for (int i = 1; i <= taskManagers; i++) {
            anyStarted |= ensure(FlinkRole.TASK_MANAGER, "-" + i, settings, running, say);
        }
        awaitRegistered(running);
        return anyStarted;
    }

    private Configuration settingsOfRunning(Wanted wanted) {
        Configuration settings = FlinkSettings.read(folder.configuration());
        refuseOther("--slots", wanted.slots(), settings.get(TaskManagerOptions.NUM_TASK_SLOTS));
        refuseOther("--rest-port", wanted.restPort(), settings.get(RestOptions.PORT));
        return settings;
    }

    private void refuseOther(String option, @Nullable Integer wanted, int now) {
        if (wanted != null && wanted != now) {
            throw new CommandException(
                    "%s: the cluster in %s runs with %d, not with %d: stop it first"
                            .formatted(option, folder.root(), now, wanted));
        }
    }

    /**
     * All processes can be dead without having been stopped, as after the machine was restarted.
     */
    private Configuration newSettings(Wanted wanted, boolean isFirst) throws IOException {
        Configuration last =
                isFirst ? new Configuration() : FlinkSettings.read(folder.configuration());
        int port =
                Objects.requireNonNullElseGet(wanted.restPort(), () -> last.get(RestOptions.PORT));
        requireFree(port);
        Configuration settings = FlinkSettings.of(wanted.flinkConf(), folder, port);
        Optional.ofNullable(wanted.slots())
                .or(() -> last.getOptional(TaskManagerOptions.NUM_TASK_SLOTS))
                .ifPresent(slots -> settings.set(TaskManagerOptions.NUM_TASK_SLOTS, slots));
        for (Path made : List.of(folder.logs(), folder.temporary(), folder.processes())) {
            Files.createDirectories(made);
        }
        FlinkLibrary.copy(System.getProperty("java.class.path"), folder.library());
        FlinkSettings.write(settings, folder.configuration());
        try (InputStream logging =
                Objects.requireNonNull(
                        LocalCluster.class.getResourceAsStream(
                                "/weir/cluster/log4j2.properties"))) {
            Files.copy(logging, logging(), StandardCopyOption.REPLACE_EXISTING);
        }
        return settings;
    }

    private static void requireFree(int port) {
        try (ServerSocket free = new ServerSocket()) {
            free.setReuseAddress(true); // as Flink does
            free.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new CommandException(
                    "--rest-port: %d is taken by another program: name another port"
                            .formatted(port),
                    e);
        }
    }

    private boolean ensure(
            FlinkRole role,
            String number,
            Configuration settings,
            List<FlinkProcess> running,
            Consumer<String> say)
            throws IOException {
        JsonFile<FlinkProcess> file = file(role.title() + number);
        Optional<FlinkProcess> before = file.read();
        if (before.isPresent() && before.get().isAlive()) {
            running.add(before.get());
            return false;
        }
        FlinkProcess started = launch(role, role.title() + number, settings);
        file.write(started);
        running.add(started);
        before.ifPresent(dead -> say.accept(dead.shown() + " was dead"));
        say.accept("started " + started.shown());
        return true;
    }

    /** No signal of the terminal reaches it: neither Ctrl-C nor the end of the session. */
    private FlinkProcess launch(FlinkRole role, String name, Configuration settings)
            throws IOException {
        String id = name + "-" + Instant.now().toEpochMilli();
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "trap '' INT HUP; exec \"$0\" \"$@\""));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(role.jvmOptions(settings));
        // where main of a submitted jar runs, Flink looks into classes of the JDK
        command.add("--add-opens=java.base/java.util=ALL-UNNAMED");
        command.add("-Djava.io.tmpdir=" + folder.temporary());
        command.add("-Dlog.file=" + log(name));
        command.add("-Dlog4j.configurationFile=" + logging().toUri());
        command.add(role.main().getName());
        command.addAll(List.of("--configDir", folder.configuration().toString()));
        command.addAll(role.arguments(settings));
        command.addAll(List.of("-D", TaskManagerOptions.TASK_MANAGER_RESOURCE_ID.key() + "=" + id));
        File output = folder.logs().resolve(name + ".out").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.root().toFile())
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
                        .redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.put("CLASSPATH", folder.library().resolve("*").toString());
        environment.put("FLINK_CONF_DIR", folder.configuration().toString());
        return FlinkProcess.of(name, id, builder.start().toHandle());
    }

    private void awaitRegistered(List<FlinkProcess> running)
            throws IOException, InterruptedException {
        FlinkRest rest = new FlinkRest(address());
        List<String> missing =
                running.stream()
                        .filter(process -> process.name().startsWith("task"))
                        .map(FlinkProcess::id)
                        .toList();
        boolean areThere =
                Waiting.until(
                        PATIENCE,
                        () -> {
                            requireAlive(running);
                            return registered(rest).containsAll(missing);
                        });
        if (!areThere) {
            throw new CommandException(
                    "the TaskManagers did not register within %d minutes: the logs in %s say why"
                            .formatted(PATIENCE.toMinutes(), folder.logs()));
        }
    }

    private void requireAlive(List<FlinkProcess> running) {
        for (FlinkProcess process : running) {
            if (!process.isAlive()) {
                throw new CommandException(
                        "%s has ended: %s says why"
                                .formatted(process.shown(), log(process.name())));
            }
        }
    }

    /** The TaskManagers that the JobManager knows, none while it does not answer. */
    private static List<String> registered(FlinkRest rest) throws InterruptedException {
        try {
            List<String> ids = new ArrayList<>();
            rest.get("/taskmanagers")
                    .path("taskmanagers")
                    .forEach(each -> ids.add(each.path("id").asText()));
            return ids;
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The processes that were started and not stopped, dead or alive; the JobManager first. */
    List<FlinkProcess> processes() throws IOException {
        if (!Files.isDirectory(folder.processes())) {
            return List.of();
        }
        List<FlinkProcess> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.processes())) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(JSON)) {
                    new JsonFile<>(file, FlinkProcess.class).read().ifPresent(found::add);
                }
            }
        }
        return found;
    }

    /** Whether any process was started here and not stopped. */
    public boolean isThere() throws IOException {
        return !processes().isEmpty();
    }

    /** Whether its REST interface can answer. */
    public boolean isJobManagerAlive() throws IOException {
        return file(FlinkRole.JOB_MANAGER.title()).read().map(FlinkProcess::isAlive).orElse(false);
    }

    /** The JobManager's REST interface. */
    public URI address() {
        return FlinkSettings.rest(FlinkSettings.read(folder.configuration()));
    }

    /** Whether another way to write an address means its REST interface. */
    public boolean isAt(URI other) {
        return other.getPort() == address().getPort()
                && List.of(FlinkSettings.HOST, "localhost").contains(other.getHost());
    }

    /** Ends all processes. */
    public void stop(Consumer<String> say) throws IOException, InterruptedException {
        List<FlinkProcess> all = new ArrayList<>(processes());
        Collections.reverse(all); // the JobManager last, or the others look for it
        for (FlinkProcess process : all) {
            boolean wasAlive = process.isAlive();
            process.end();
            file(process.name()).delete();
            say.accept((wasAlive ? "stopped " : "was dead: ") + process.shown());
        }
    }

    private JsonFile<FlinkProcess> file(String name) {
        return new JsonFile<>(folder.processes().resolve(name + JSON), FlinkProcess.class);
    }

    private Path log(String name) {
        return folder.logs().resolve(name + ".log");
    }

    private Path logging() {
        return folder.configuration().resolve("log4j2.properties");
    }
}
