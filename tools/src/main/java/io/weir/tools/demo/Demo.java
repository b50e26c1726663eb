package io.weir.tools.demo;

import io.weir.database.Database;
import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.KafkaCluster;
import io.weir.tools.page.PageServer;
import io.weir.tools.send.GeneratedRequests;
import io.weir.tools.send.Ledger;
import io.weir.tools.send.RecordSender;
import io.weir.tools.send.RecordSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
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
    private final String run = UUID.randomUUID().toString();

    public Demo(DemoOptions options, PrintWriter out) {
        this.options = options;
        this.out = out;
    }

    /** Generated requests, whose ledger is exported too. */
    public void run(GeneratedRequests requests) throws IOException {
        Ledger ledger = new Ledger(DemoOptions.PARTITIONS, OUT_OF_ORDERNESS, MIN_LATENESS);
        run(requests.recordedIn(ledger), MIN_LATENESS, ledger);
    }

    /** Requests that are late only if they lag more than any of this source. */
    public void run(RecordSource requests) throws IOException {
        Duration worstLag = requests.worstLag();
        run(requests, worstLag.compareTo(MIN_LATENESS) > 0 ? worstLag : MIN_LATENESS, null);
    }

    private void run(RecordSource requests, Duration lateness, @Nullable Ledger ledger)
            throws IOException {
        long startNanos = System.nanoTime();
        Export export =
                options.exportDirectory() == null ? null : new Export(options.exportDirectory());
        requireFreeDatabase();
        try (KafkaCluster external = externalKafka()) {
            if (external != null) {
                DemoTopics.requireFree(external, options);
            }
        }
        say("starting %s", whatIsStarted());
        try (DemoStack stack = DemoStack.start(options);
                KafkaCluster kafka =
                        KafkaCluster.connect(
                                Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            DemoSchema.make(
                    stack.database(), options.prefix(), requests.eventTimes(), options.election());
            DemoTopics.make(kafka, options);
            try (PageServer page = page(stack)) {
                String webAddress = count(stack, kafka, requests, lateness);
                LOG.info("all rows are final, the job's page was {}", webAddress);
                report(stack, requests.size());
                if (export != null) {
                    export(export, stack, ledger);
                }
                say("%nDone in %.0f s.", (System.nanoTime() - startNanos) / 1e9);
                if (page != null) {
                    keepRunning(stack, page);
                }
            }
        }
    }

    /** Shows what came out; fails when it is not what went in. */
    private void report(DemoStack stack, long sent) {
        Report report = new Report(out);
        long counted = report.printSites(stack.database(), options.prefix());
        long putAside = report.printPutAside(stack.bootstrapServers(), options);
        if (counted + putAside != sent) {
            throw new CommandException(
                    String.format(
                            Locale.ROOT,
                            "%,d records were sent, but %,d were counted and %,d rejected or late:"
                                    + " this should not happen, please report it with the log",
                            sent,
                            counted,
                            putAside));
        }
        report.printTopSites(stack.database(), options.prefix());
    }

    /** Runs the job until all requests are counted. */
    private String count(
            DemoStack stack, KafkaCluster kafka, RecordSource requests, Duration lateness) {
        String group = options.prefix() + ".demo-" + run;
        try (DemoJob job =
                        DemoJob.start(
                                run,
                                settings(stack, lateness, group),
                                options.parallelism(),
                                stack.directory());
                Sending sending = new Sending(sender(stack), requests)) {
            say("the job's page is %s", job.webAddress());
            Progress progress = new Progress(out);
            await(kafka, job, sending, progress, group);
            progress.finish(sending, job.metrics());
            job.drain();
            return job.webAddress();
        } finally {
            deleteGroup(kafka, group);
        }
    }

    private void await(
            KafkaCluster kafka, DemoJob job, Sending sending, Progress progress, String group) {
        while (!sending.isDone()) {
            look(job, sending, progress);
        }
        Map<Integer, Long> ends = kafka.endOffsets(options.topic());
        while (!isRead(job, ends)
                && !isConsumed(kafka.committedOffsets(group, options.topic()), ends)) {
            look(job, sending, progress);
        }
    }

    private static void look(DemoJob job, Sending sending, Progress progress) {
        job.requireRunning();
        progress.show(sending, job.metrics());
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

    private static boolean isConsumed(Map<Integer, Long> committed, Map<Integer, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> committed.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    private RecordSender sender(DemoStack stack) {
        return new RecordSender(
                Map.of("bootstrap.servers", stack.bootstrapServers()),
                options.topic(),
                DemoOptions.PARTITIONS,
                options.rate());
    }

    private Map<String, String> settings(DemoStack stack, Duration lateness, String group) {
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

    private void export(Export export, DemoStack stack, @Nullable Ledger ledger)
            throws IOException {
        export.writeTraffic(stack.database(), options.prefix());
        export.writeTopSites(stack.database(), options.prefix());
        export.writeRejected(stack.bootstrapServers(), options.rejectedTopic());
        if (ledger != null && options.exportDirectory() != null) {
            ledger.write(options.exportDirectory());
        }
        say("%nExported to %s", options.exportDirectory());
    }

    private void keepRunning(DemoStack stack, PageServer page) {
        Database database = stack.database();
        say(
                "%nThe job has ended, and its own page with it. Kept running until Ctrl-C:%n"
                        + "  the page    %s%n"
                        + "  PostgreSQL  %s, user %s, schema %s%n"
                        + "  Kafka       %s, topics %s, %s and %s%n"
                        + "A command on it: ./weir top --jdbc-url %s --db-user %s --schema %s",
                page.address(),
                database.address(),
                database.user(),
                options.prefix(),
                stack.bootstrapServers(),
                options.topic(),
                options.lateTopic(),
                options.rejectedTopic(),
                database.address(),
                database.user(),
                options.prefix());
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From the start on, so that the page can be watched while it fills; null if not wanted. */
    private @Nullable PageServer page(DemoStack stack) {
        if (!options.keepRunning()) {
            return null;
        }
        PageServer page =
                PageServer.start(stack.database(), options.prefix(), LOOPBACK, options.pagePort());
        say("the page of the numbers is %s", page.address());
        return page;
    }

    private void requireFreeDatabase() {
        Database database = options.database();
        if (database != null) {
            DemoSchema.requireFree(database, options.prefix());
        }
    }

    private @Nullable KafkaCluster externalKafka() {
        return options.bootstrapServers() == null
                ? null
                : KafkaCluster.connect(Map.of("bootstrap.servers", options.bootstrapServers()));
    }

    private String whatIsStarted() {
        if (options.database() == null) {
            return options.bootstrapServers() == null
                    ? "PostgreSQL and Kafka, then the job"
                    : "PostgreSQL, then the job";
        }
        return options.bootstrapServers() == null ? "Kafka, then the job" : "the job";
    }

    private static void deleteGroup(KafkaCluster kafka, String group) {
        try {
            kafka.deleteGroup(group);
        } catch (CommandException e) {
            LOG.info("group {} is left", group, e);
        }
    }

    private void say(String format, @Nullable Object... arguments) {
        out.printf(Locale.ROOT, format + "%n", arguments);
        out.flush();
    }
}
