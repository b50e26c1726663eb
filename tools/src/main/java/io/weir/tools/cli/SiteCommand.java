package io.weir.tools.cli;

import io.weir.database.Session;
import io.weir.request.HostName;
import io.weir.tools.connect.KafkaCluster;
import io.weir.tools.text.Count;
import io.weir.tools.topics.KeptRecords;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The names of sites, and the end of a site. Functions of the schema do the work. */
@Command(
        name = "site",
        description = "Names sites, or removes everything that is stored about one.")
final class SiteCommand extends CommandGroup {

    /** SQL for an instant as people read it; null for one before all others. */
    private static final String SHOWN =
            "to_char(nullif(%s, '-infinity') at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS\"Z\"')";

    private static final String NOT_ASKED =
            "Kafka was not asked: its topics hold what came of the site as long as they keep records"
                    + " (--bootstrap-servers says until when)";

    @Command(name = "add", description = "Gives a site its domain, which is a host of it.")
    void add(
            @Mixin OwnerArguments where,
            @Mixin HoldsFrom from,
            @Parameters(paramLabel = "ID", description = "The site's number") int site,
            @Parameters(
                            paramLabel = "DOMAIN",
                            description =
                                    "Its name, such as example.com; international names are"
                                            + " converted to ASCII (xn--...)")
                    String domain) {
        String added = "select ${schema}.add_site(?, ?, ?::timestamptz)";
        where.run(
                session ->
                        out().printf(
                                        "site %d is %s%n",
                                        site,
                                        session.text(
                                                added, site, HostName.ascii(domain), from.sql())));
    }

    @Command(
            name = "add-host",
            description =
                    "Counts events that name this host, and no site_id, for a site; also moves a"
                            + " host from one site to another.")
    void addHost(
            @Mixin OwnerArguments where,
            @Mixin HoldsFrom from,
            @Parameters(paramLabel = "ID", description = "The site's number") int site,
            @Parameters(paramLabel = "HOST", description = "Such as www.example.com") String host) {
        String domain = known(host);
        sayFromWhenOn(
                where,
                domain + " belongs to site " + site,
                "add_host(?, ?, ?::timestamptz)",
                site,
                domain,
                from.sql());
    }

    @Command(
            name = "remove-host",
            description = "Lets a host belong to no site any more: its events are rejected.")
    void removeHost(
            @Mixin OwnerArguments where,
            @Mixin HoldsFrom from,
            @Parameters(paramLabel = "HOST", description = "Such as www.example.com") String host) {
        String domain = known(host);
        sayFromWhenOn(
                where,
                domain + " belongs to no site",
                "remove_host(?, ?::timestamptz)",
                domain,
                from.sql());
    }

    /** Calls a function of the schema that answers with an instant. */
    private void sayFromWhenOn(
            OwnerArguments where, String what, String function, @Nullable Object... arguments) {
        String when = SHOWN.formatted("${schema}." + function);
        String holds =
                "select coalesce('for requests that arrive from ' || %s || ' on', 'for all requests')"
                        .formatted(when);
        where.run(session -> out().printf("%s %s%n", what, session.text(holds, arguments)));
    }

    /** As the store has it; what is no domain the store refuses. */
    private static String known(String host) {
        String domain = HostName.domainOf(host);
        return domain == null ? host : domain;
    }

    @Command(name = "hosts", description = "Lists the hosts of all sites, and since when.")
    void hosts(@Mixin ReaderArguments where) {
        String hosts =
                "select host, coalesce(site_id::text, 'none'), "
                        + "coalesce(%s, 'ever')".formatted(SHOWN.formatted("holds_from"))
                        + " from ${schema}.site_host order by host, site_host.holds_from";
        printTable(List.of("host", "site", "from"), where.ask(session -> session.rows(hosts)));
    }

    @Command(name = "list", description = "Lists the sites that have a name.")
    void list(@Mixin ReaderArguments where) {
        String sites = "select site_id, domain from ${schema}.site order by site_id";
        printTable(List.of("site", "domain"), where.ask(session -> session.rows(sites)));
    }

    @Command(
            name = "remove",
            description = {
                "Removes the name and all rows of a site, after confirmation.",
                "Stop sending its requests first, or the job writes new rows for it."
            })
    void remove(
            @Mixin OwnerArguments where,
            @Mixin Confirmation confirmation,
            @Mixin ClientProperties clientProperties,
            @Option(
                            names = "--bootstrap-servers",
                            paramLabel = "HOST:PORT,...",
                            description =
                                    "The Kafka brokers, to say how long topics still hold its"
                                            + " records")
                    @Nullable String bootstrapServers,
            @Option(
                            names = "--topic",
                            defaultValue = "http_requests",
                            paramLabel = "NAME",
                            description = "The job's topic there (default: ${DEFAULT-VALUE})")
                    String topic,
            @Parameters(paramLabel = "ID", description = "The site's number") int site) {
        List<String> kept =
                bootstrapServers == null
                        ? List.of(NOT_ASKED)
                        : kept(clientProperties.with(bootstrapServers), topic);
        where.run(
                session -> {
                    confirmation.ask(
                            "Removes site %d from schema %s in %s: its name, if it has one, and %s. This cannot be undone."
                                    .formatted(
                                            site,
                                            where.schema(),
                                            where.database().address(),
                                            rows(session, "site_rows", site)));
                    String removed = rows(session, "remove_site", site);
                    out().println("removed site " + site + ": " + removed);
                    for (List<String> tenant :
                            session.rows(
                                    "select tenant from ${schema}.tenants() where ? = any (sites)",
                                    site)) {
                        out().printf(
                                        "tenant %s still names site %d: use weir tenant set or"
                                                + " remove%n",
                                        tenant.get(0), site);
                    }
                    kept.forEach(out()::println);
                });
    }

    /** Before anything is removed: an address that is wrong can be corrected then. */
    private static List<String> kept(Map<String, Object> properties, String topic) {
        try (KafkaCluster kafka = KafkaCluster.connect(properties)) {
            return KeptRecords.of(kafka, topic, Instant.now());
        }
    }

    private static String rows(Session session, String function, int site) throws SQLException {
        return session
                .rows("select table_name, row_count from ${schema}." + function + "(?)", site)
                .stream()
                .map(
                        table ->
                                table.get(0).equals("site")
                                        ? (table.get(1).equals("0") ? "no name" : "its name")
                                        : Count.rowsOf(table))
                .collect(Collectors.joining(", "));
    }
}
