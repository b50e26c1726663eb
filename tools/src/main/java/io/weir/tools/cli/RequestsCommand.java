package io.weir.tools.cli;

import io.weir.config.JobOptions;
import io.weir.config.KafkaOptions;
import io.weir.filter.Filter;
import io.weir.filter.FilterException;
import io.weir.filter.FilterParser;
import io.weir.filter.RequestFilterFields;
import io.weir.intake.RequestSource;
import io.weir.tools.connect.CommandException;
import io.weir.tools.recount.LatenessRule;
import io.weir.tools.recount.RawTopic;
import io.weir.tools.recount.TimeRange;
import io.weir.tools.requests.FoundRequests;
import io.weir.tools.requests.RequestFormat;
import io.weir.tools.requests.RequestSearch;
import io.weir.tools.text.Count;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows requests as they are in the topic. */
@Command(
        name = "requests",
        description = {
            "Shows the requests of a range of time as they are in the job's topic, the earliest"
                    + " first. Changes nothing.",
            "It reads each partition from the first record dated event-time.max-ahead before the"
                    + " range up to where the job takes no more requests of it. So late requests"
                    + " are not shown (they are in TOPIC.late), nor are rejected records (weir"
                    + " dead-letters show); copies of a request are, each of them."
        })
final class RequestsCommand extends WeirCommand implements Runnable {

    private static final int MAX_LIMIT = 100_000;

    @Mixin private JobArguments job = new JobArguments();

    @Mixin private RangeArguments range = new RangeArguments();

    @Option(
            names = "--site",
            paramLabel = "ID",
            description = "Only the requests of this site (default: all sites)")
    private @Nullable Integer site;

    @Option(
            names = "--where",
            paramLabel = "FILTER",
            description =
                    "Only the requests that match, such as \"status >= 500 and url like '/api/%%'\":"
                            + " docs/requests.md")
    private @Nullable String where;

    @Option(
            names = "--limit",
            defaultValue = "100",
            paramLabel = "N",
            description = "Show at most this many (default: ${DEFAULT-VALUE})")
    private int limit = 100;

    @Option(
            names = "--format",
            defaultValue = "json",
            paramLabel = "FORMAT",
            description =
                    "json, a line for each, or table, with URLs cut (default: ${DEFAULT-VALUE})")
    private RequestFormat format = RequestFormat.JSON;

    @Option(
            names = "--show-addresses",
            description =
                    "Show the addresses of clients; otherwise # and a hash takes the place of each,"
                            + " the same for the same client")
    private boolean showsAddresses;

    @Mixin private JobStoreArguments store = new JobStoreArguments();

    @Override
    public void run() {
        Arguments.require("--limit", limit, 1, MAX_LIMIT);
        TimeRange asked = range.range();
        RequestSearch search = new RequestSearch(asked, site, filter(), limit, showsAddresses);
        JobOptions options = job.options();
        KafkaOptions kafka = options.kafka();
        RequestSearch.Result result =
                search.in(
                        RawTopic.ask(kafka),
                        RequestSource.decoder(options, store.options(options.store())),
                        LatenessRule.of(options.eventTime()),
                        options.eventTime().maxAhead());
        out().print(format.of(result.found()));
        out().flush();
        report(result, kafka.topic());
    }

    private @Nullable Filter filter() {
        if (where == null) {
            return null;
        }
        try {
            return FilterParser.parse(where, RequestFilterFields.OF_REQUESTS);
        } catch (FilterException e) {
            throw CommandException.wrongUsage("--where: " + e.getMessage());
        }
    }

    private void report(RequestSearch.Result result, String topic) {
        FoundRequests found = result.found();
        err().printf(
                        "read %s of %s in %s, found %s%s%n",
                        Count.of(result.records(), "record"),
                        topic,
                        Count.of(result.partitions(), "partition"),
                        Count.of(found.matching(), "request"),
                        found.shown() == found.matching()
                                ? ""
                                : ", of which the first %,d are shown: raise --limit or give a shorter range"
                                        .formatted(found.shown()));
        if (result.incompleteUntil() != null) {
            err().printf(
                            "%s no longer has all requests from before %s: retention has deleted some%n",
                            topic, result.incompleteUntil());
        }
        err().flush();
    }
}
