package io.weir.tools.demo;

import io.weir.database.Database;
import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.KafkaCluster;
import io.weir.tools.page.PageServer;
import io.weir.tools.send.GeneratedRequests;
import io.weir.tools.send.Ledger;
import io.weir.tools.send.RecordSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the whole of Weir once: stack, schema, topics, job, sending, and what came out.
 *
 * <p>The job runs unbounded while requests are sent. When it has read every partition to its end it
 * is stopped with drain, so that every window closes and every row is final.
 */
public final class Demo {

    private static final Logger LOG = LoggerFactory.getLogger(Demo.class);

    private static final Duration OUT_OF_ORDERNESS = Duration.ofSeconds(10);
    private static final Duration MIN_LATENESS = Duration.ofMinutes(10);
    private static final long LOOK_MILLIS = 200;
    private static final String LOOPBACK = "127.0.0.1";

    private final DemoOptions options;
    private final PrintWriter out;
    private final Consumer<String> confirm;
    private final String run = UUID.randomUUID().toString();
    private final String group;

    /**
     * Makes one.
     *
     * @param confirm asks before what an earlier demo left is deleted, and throws if it must stay
     */
    public Demo(DemoOptions options, PrintWriter out, Consumer<String> confirm) {
        this.options = options;
        this.out = out;
        this.confirm = confirm;
        this.group = options.prefix() + ".demo-" + run;
    }

    /** Generated requests; if anything is exported, their ledger is, too. */
    public void run(GeneratedRequests requests) throws IOException {
        if (options.exportDirectory() == null) {
            run(requests, Map.of(), MIN_LATENESS, null);
            return;
        }
        Ledger ledger = new Ledger(DemoOptions.PARTITIONS, OUT_OF_ORDERNESS, MIN_LATENESS);
        run(requests.recordedIn(ledger), Map.of(), MIN_LATENESS, ledger);
    }

    /**
     * Requests that are late only if they lag more than any of this source.
     *
     * @param domains of sites that have one
     */
    public void run(RecordSource requests, Map<String, Integer> domains) throws IOException {
        Duration worstLag = requests.worstLag();
        Duration lateness = worstLag.compareTo(MIN_LATENESS) > 0 ? worstLag : MIN_LATENESS;
        run(requests, domains, lateness, null);
    }

    private void run(
            RecordSource requests,
            Map<String, Integer> domains,
            Duration lateness,
            @Nullable Ledger ledger)
            throws IOException {
        long startNanos = System.nanoTime();
        Export export =
                options.exportDirectory() == null ? null : new Export(options.exportDirectory());
        confirmReplacement();
        say("starting %s", whatIsStarted());
        try (DemoStack stack = DemoStack.start(options);
                KafkaCluster kafka = connect(stack.bootstrapServers())) {
            DemoSchema schema = new DemoSchema(stack.database(), options.schema());
            DemoTopics.make(kafka, options);
            try (Sending sending = Sending.start(stack.bootstrapServers(), options, requests);
                    PageServer page = page(stack.database())) {
                schema.make(requests.eventTimes(), options.election());
                schema.name(domains);
                count(stack, kafka, sending, requests.size(), lateness);
                report(stack, schema, requests.size());
                if (export != null) {
                    export.write(schema, stack.bootstrapServers(), options.rejectedTopic(), ledger);
                    say("%nExported to %s", options.exportDirectory());
                }
                say("%nDone in %.0f s.", (System.nanoTime() - startNanos) / 1e9);
                if (page != null) {
                    keepRunning(stack, page);
                } else if (options.database() != null || options.bootstrapServers() != null) {
                    sayWhatIsLeft(DemoRemains.find(options));
                }
            }
        }
    }

    /** Fails when what is not this demo's to replace has its names, or must stay. */
    private void confirmReplacement() {
        DemoRemains earlier = DemoRemains.find(options);
        if (!earlier.isEmpty()) {
            confirm.accept(
                    "An earlier demo left %s. This one deletes that and begins anew; with another --prefix it would stay."
                            .formatted(earlier.description()));
        }
    }

    private String whatIsStarted() {
        if (options.database() == null) {
            return options.bootstrapServers() == null
                    ? "PostgreSQL and Kafka, then the job"
                    : "PostgreSQL, then the job";
        }
        return options.bootstrapServers() == null ? "Kafka, then the job" : "the job";
    }

    /** From the start on, so that the page can be watched while it fills; null if not wanted. */
    private @Nullable PageServer page(Database database) {
        if (!options.keepRunning()) {
            return null;
        }
        PageServer page =
                PageServer.start(database, options.schema(), LOOPBACK, options.pagePort());
        say("the page is at %s", page.address());
        return page;
    }

    /** Runs the job until all requests are counted. */
    private void count(
            DemoStack stack, KafkaCluster kafka, Sending sending, long size, Duration lateness) {
        Map<String, String> settings = settings(stack, lateness);
        try (DemoJob job = DemoJob.start(run, settings, options.parallelism(), stack.directory())) {
            say("the job's page is %s", job.webAddress());
            Progress progress = new Progress(out, sending, size, job.metrics());
            while (!sending.isDone()) {
                look(job, progress);
            }
            Map<Integer, Long> ends = kafka.endOffsets(options.topic());
            while (!isRead(job, ends) && !isCommitted(kafka, group, options.topic(), ends)) {
                look(job, progress);
            }
            progress.finish();
            job.drain();
            LOG.info("all rows are final, the job's page was {}", job.webAddress());
        } finally {
            deleteGroup(kafka, group);
        }
        countLate(stack, kafka, settings);
    }

    /** Runs the late job, if there is anything for it. */
    private void countLate(DemoStack stack, KafkaCluster kafka, Map<String, String> settings) {
        Map<Integer, Long> ends = kafka.endOffsets(options.lateTopic());
        if (ends.values().stream().allMatch(end -> end == 0)) {
            return;
        }
        String lateGroup = group + "-late";
        Map<String, String> late = new HashMap<>(settings);
        late.put("kafka.topic", options.lateTopic());
        late.put("kafka.group-id", lateGroup);
        late.put("event-time.allowed-lateness", "30 d");
        late.put("deduplicate", "letter");
        late.put("deduplicate.keep", "31 d");
        late.put("store.tables", "late");
        try (DemoJob job = DemoJob.start(run + "-late", late, 1, stack.directory())) {
            while (!isRead(job, ends)
                    && !isCommitted(kafka, lateGroup, options.lateTopic(), ends)) {
                job.requireRunning();
                Pause.millis(LOOK_MILLIS);
            }
            job.drain();
        } finally {
            deleteGroup(kafka, lateGroup);
        }
    }

    private static void look(DemoJob job, Progress progress) {
        job.requireRunning();
        progress.show();
        Pause.millis(LOOK_MILLIS);
    }

    /**
     * Holds when the job never restarted. It comes before the commit, which the source puts off for
     * up to ten seconds when nothing arrives.
     */
    private static boolean isRead(DemoJob job, Map<Integer, Long> ends) {
        return job.metrics().sum("route", "read")
                == ends.values().stream().mapToLong(Long::longValue).sum();
    }

    private static boolean isCommitted(
            KafkaCluster kafka, String group, String topic, Map<Integer, Long> ends) {
        Map<Integer, Long> committed = kafka.committedOffsets(group, topic);
        return ends.entrySet().stream()
                .allMatch(end -> committed.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    private static void deleteGroup(KafkaCluster kafka, String group) {
        try {
            kafka.deleteGroup(group);
        } catch (CommandException e) {
            LOG.info("group {} is left", group, e);
        }
    }

    private Map<String, String> settings(DemoStack stack, Duration lateness) {
        Map<String, String> settings = new HashMap<>();
        settings.put("kafka.bootstrap-servers", stack.bootstrapServers());
        settings.put("kafka.topic", options.topic());
        settings.put("kafka.group-id", group);
        settings.put("kafka.start-from", "earliest");
        settings.put("event-time.out-of-orderness", OUT_OF_ORDERNESS.toMillis() + " ms");
        settings.put("event-time.allowed-lateness", lateness.toMillis() + " ms");
        settings.put("event-time.idleness", "off");
        settings.put("event-time.alignment-drift", "off");
        settings.put("event-time.max-age", "off");
        settings.put("store.url", stack.database().jdbcUrl());
        settings.put("store.user", stack.database().user());
        settings.put("store.schema", options.prefix());
        return settings;
    }

    /** Shows what came out; fails when it is not what went in. */
    private void report(DemoStack stack, DemoSchema schema, long sent) {
        Report report = new Report(out);
        schema.run(report::printSites);
        report.printDeadLetters(stack.bootstrapServers(), options);
        if (report.records() != sent) {
            throw new CommandException(
                    String.format(
                            Locale.ROOT,
                            "%,d records were sent, but %,d were counted or rejected: this"
                                    + " should not happen, please report it with the log",
                            sent,
                            report.records()));
        }
        schema.run(report::printTopSites);
    }

    private void sayWhatIsLeft(DemoRemains left) {
        say("%nLeft behind: %s.%nLook at it:", left.description());
        String where = "";
        Database database = options.database();
        if (database != null) {
            String store =
                    " --jdbc-url %s --db-user %s".formatted(database.address(), database.user());
            say("  ./weir serve%s --schema %s", store, options.prefix());
            say("  ./weir top%s --schema %s", store, options.prefix());
            where += store;
        }
        if (options.bootstrapServers() != null) {
            String kafka = " --bootstrap-servers " + options.bootstrapServers();
            say("  ./weir dead-letters list%s --topic %s", kafka, options.topic());
            where += kafka;
        }
        say("Remove it:%n  ./weir demo --remove%s --prefix %s", where, options.prefix());
    }

    private void keepRunning(DemoStack stack, PageServer page) {
        Database database = stack.database();
        say(
                """

                The job has ended, and its own page with it: what is sent from now on stays in Kafka and is not counted. Kept running until Ctrl-C:
                  the page    %1$s
                  PostgreSQL  %2$s, user %3$s, schema %4$s
                  Kafka       %5$s, topics %6$s, %7$s and %8$s
                Commands on it:
                  ./weir top --jdbc-url %2$s --db-user %3$s --schema %4$s
                  ./weir dead-letters list --bootstrap-servers %5$s --topic %6$s
                  ./weir replay-log FILE --bootstrap-servers %5$s --topic %6$s""",
                page.address(),
                database.address(),
                database.user(),
                options.prefix(),
                stack.bootstrapServers(),
                options.topic(),
                options.lateTopic(),
                options.rejectedTopic());
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static KafkaCluster connect(String bootstrapServers) {
        return KafkaCluster.connect(Map.of("bootstrap.servers", bootstrapServers));
    }

    private void say(String format, @Nullable Object... arguments) {
        out.printf(Locale.ROOT, format + "%n", arguments);
        out.flush();
    }
}
