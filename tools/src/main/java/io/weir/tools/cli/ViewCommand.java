package io.weir.tools.cli;

import io.weir.filter.Filter;
import io.weir.filter.FilterException;
import io.weir.filter.FilterParser;
import io.weir.filter.RequestFilterFields;
import io.weir.tools.connect.CommandException;
import io.weir.tools.recount.TimeRange;
import io.weir.tools.text.Count;
import io.weir.tools.view.TopKeysTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Views of one's own. Functions of the schema do the work. */
@Command(
        name = "view",
        description = "Manages what is counted beside the traffic: top URLs, referrers, and so on.")
final class ViewCommand extends CommandGroup {

    /** SQL for an instant as people read it; null for one before all others. */
    private static final String ADDRESS = FilterParser.MEMBER + "ip_address";

    private static final String SHOWN =
            "to_char(nullif(%s, '-infinity') at time zone 'UTC', 'YYYY-MM-DD HH24:MI\"Z\"')";

    @Command(
            name = "add",
            description = {
                "Counts requests by a view's keys, from the next full hour on that is ten minutes"
                        + " away or more.",
                "Of a view that exists it changes --top and --sites: what is not given becomes the"
                        + " default. Dimension and filter never change."
            })
    void add(
            @Mixin OwnerArguments where,
            @Mixin View view,
            @Option(
                            names = "--dimension",
                            required = true,
                            split = ",",
                            paramLabel = "FIELD",
                            description =
                                    "What makes the keys, one or two of url_path, url,"
                                            + " referrer_host, country, status, method, host, agent, bot,"
                                            + " bot_purpose, browser, device, and field:NAME for another member of the event")
                    List<String> dimension,
            @Option(
                            names = "--where",
                            paramLabel = "FILTER",
                            description =
                                    "Counts only requests that match, such as \"status >= 500\":"
                                            + " docs/views.md")
                    @Nullable String filter,
            @Option(
                            names = "--top",
                            defaultValue = "100",
                            paramLabel = "N",
                            description =
                                    "How many keys a row lists, at most 1,000 (default:"
                                            + " ${DEFAULT-VALUE})")
                    int topEntries,
            @Option(
                            names = "--sites",
                            split = ",",
                            paramLabel = "ID",
                            description = "Counts only these sites (default: all)")
                    @Nullable SortedSet<Integer> sites) {
        checkFilter(filter);
        sayFromWhenOn(
                where,
                view,
                "counts by " + String.join(", ", dimension),
                "define_view(?, ?::text, ?, ?, ?::int[])",
                String.join(",", dimension),
                filter,
                topEntries,
                sites == null ? null : new TreeSet<>(sites).toArray(Integer[]::new));
    }

    private static void checkFilter(@Nullable String filter) {
        if (filter == null) {
            return;
        }
        try {
            Filter parsed = FilterParser.parse(filter, RequestFilterFields.OF_VIEWS);
            if (parsed.fields().anyMatch(ADDRESS::equals)) {
                throw CommandException.wrongUsage(
                        "--where: views know no addresses of clients: leave out " + ADDRESS);
            }
        } catch (FilterException e) {
            throw CommandException.wrongUsage("--where: " + e.getMessage());
        }
    }

    @Command(
            name = "pause",
            description = "Counts nothing for a view until it is resumed. Its rows stay.")
    void pause(@Mixin OwnerArguments where, @Mixin View view) {
        sayFromWhenOn(where, view, "is paused", "pause_view(?)");
    }

    @Command(name = "resume", description = "Counts for a paused view again.")
    void resume(@Mixin OwnerArguments where, @Mixin View view) {
        sayFromWhenOn(where, view, "counts again", "resume_view(?)");
    }

    /** Calls a function of the schema that answers with an instant. */
    private void sayFromWhenOn(
            OwnerArguments where,
            View view,
            String what,
            String function,
            @Nullable Object... arguments) {
        String holds =
                "select coalesce('from ' || %s || ' on', 'from the first request on, as no job has read any yet')"
                        .formatted(SHOWN.formatted("${schema}." + function));
        List<@Nullable Object> all = new ArrayList<>();
        all.add(view.name);
        all.addAll(Arrays.asList(arguments));
        where.run(
                session ->
                        out().printf(
                                        "view %s %s %s%n",
                                        view.name, what, session.text(holds, all.toArray())));
    }

    @Command(name = "list", description = "Lists the views, and what will change.")
    void list(@Mixin ReaderArguments where) {
        String views =
                """
                select name, array_to_string(dimension, ','), coalesce(filter, ''), coalesce(top_entries, next_top_entries),
                       coalesce(array_to_string(case when state is null then next_sites else sites end, ','), 'all'),
                       coalesce(state, 'coming'), coalesce(%s, case when state is null then %s else 'ever' end), coalesce(%s, '')
                from ${schema}.views()"""
                        .formatted(
                                SHOWN.formatted("holds_from"),
                                SHOWN.formatted("next_holds_from"),
                                SHOWN.formatted("newest_hour"));
        String changes =
                """
                select format('%%s: %%s, top %%s, of %%s from %%s on', name, next_state, next_top_entries,
                              coalesce('sites ' || array_to_string(next_sites, ','), 'all sites'), %s)
                from ${schema}.views() where state is not null and next_state is not null"""
                        .formatted(SHOWN.formatted("next_holds_from"));
        where.run(
                session -> {
                    printTable(
                            List.of(
                                    "view",
                                    "dimension",
                                    "where",
                                    "top",
                                    "sites",
                                    "state",
                                    "from",
                                    "newest hour"),
                            session.rows(views));
                    session.rows(changes).forEach(change -> out().println(change.get(0)));
                    out().flush();
                });
    }

    @Command(
            name = "remove",
            description = "Removes a view and all its rows, after confirmation. Its name is free.")
    void remove(@Mixin OwnerArguments where, @Mixin Confirmation confirmation, @Mixin View view) {
        String rows = "select table_name, row_count from ${schema}.%s(?)";
        where.run(
                session -> {
                    confirmation.ask(
                            "Removes view %s from schema %s in %s: %s. This cannot be undone."
                                    .formatted(
                                            view.name,
                                            where.schema(),
                                            where.database().address(),
                                            shown(
                                                    session.rows(
                                                            rows.formatted("view_rows"),
                                                            view.name))));
                    String removed = shown(session.rows(rows.formatted("remove_view"), view.name));
                    out().println("removed view " + view.name + ": " + removed);
                });
    }

    private static String shown(List<List<String>> tables) {
        return tables.stream().map(Count::rowsOf).collect(Collectors.joining(", "));
    }

    @Command(
            name = "top",
            description = {
                "Prints the keys of a view with the most requests in a range of full hours.",
                "Each key has the requests shown or more, up to those under \"at most\"; the last"
                        + " line is everything else, so that all lines add up to the total."
            })
    void top(
            @Mixin ReaderArguments where,
            @Mixin View view,
            @Mixin RangeArguments range,
            @Option(
                            names = "--site",
                            paramLabel = "ID",
                            description = "Of this site (default: of all sites together)")
                    @Nullable Integer site,
            @Option(
                            names = "--limit",
                            defaultValue = "10",
                            paramLabel = "N",
                            description =
                                    "Print at most this many keys, up to 1,000 (default:"
                                            + " ${DEFAULT-VALUE})")
                    int limit) {
        Arguments.require("--limit", limit, 1, TopKeysTable.MAX_KEYS);
        TimeRange asked = range.range();
        where.run(
                session ->
                        TopKeysTable.print(
                                session.rows(
                                        TopKeysTable.QUERY,
                                        view.name,
                                        site,
                                        asked.from(),
                                        asked.to(),
                                        limit),
                                out()));
    }

    /** A view as it is typed. */
    static final class View {

        @Parameters(paramLabel = "NAME", description = "The view's name, such as top_urls")
        private String name = "";
    }
}
