package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import io.weir.tools.text.Count;
import java.io.PrintWriter;
import java.net.IDN;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The names of sites, and the end of a site. */
@Command(
        name = "site",
        description = "Names sites, or removes all that is stored of one.",
        mixinStandardHelpOptions = true)
final class SiteCommand implements Runnable {

    private static final int MAX_DOMAIN_LENGTH = 253;
    private static final Pattern DOMAIN =
            Pattern.compile(
                    "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "add",
            description = "Gives a site its domain.",
            mixinStandardHelpOptions = true)
    void add(
            @Mixin OwnerArguments where,
            @Parameters(paramLabel = "ID", description = "The site's number") int site,
            @Parameters(
                            paramLabel = "DOMAIN",
                            description = "Such as example.com; international names are encoded")
                    String domain) {
        requireSite(site);
        String name = normalised(domain);
        where.run(connection -> insert(connection, where.schema(), site, name));
        out().println("site " + site + " is " + name);
    }

    @Command(
            name = "list",
            description = "Lists the sites that have a name.",
            mixinStandardHelpOptions = true)
    void list(@Mixin ReaderArguments where) {
        where.list(
                out(),
                "%-10s %s%n",
                "select site_id as site, domain from SCHEMA.site order by site_id");
    }

    @Command(
            name = "remove",
            description = {
                "Removes all rows of a site and its name, after asking.",
                "Stop sending its requests first: what the job still counts is written again."
            },
            mixinStandardHelpOptions = true)
    void remove(
            @Mixin OwnerArguments where,
            @Mixin Confirmation confirmation,
            @Parameters(paramLabel = "ID", description = "The site's number") int site) {
        requireSite(site);
        where.run(
                connection -> {
                    confirmation.ask(
                            "Removes site "
                                    + site
                                    + " from schema "
                                    + where.schema()
                                    + " in "
                                    + where.database().address()
                                    + ": its name and "
                                    + rows(connection, where.schema(), "site_rows", site)
                                    + ". This cannot be undone.");
                    remove(connection, where.schema(), site);
                });
    }

    private void remove(Connection connection, String schema, int site) throws SQLException {
        out().println(
                        "removed site "
                                + site
                                + ": "
                                + rows(connection, schema, "remove_site", site));
        for (String tenant : tenantsOf(connection, schema, site)) {
            out().println(
                            "tenant "
                                    + tenant
                                    + " still names site "
                                    + site
                                    + ": weir tenant set or remove it");
        }
    }

    private static void requireSite(int site) {
        if (site <= 0) {
            throw CommandException.wrongUsage("ID: a site is greater than 0, not " + site);
        }
    }

    /** Lower case, in ASCII and without the dot of the root. */
    static String normalised(String domain) {
        String ascii;
        try {
            ascii = IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            ascii = "";
        }
        if (ascii.endsWith(".")) {
            ascii = ascii.substring(0, ascii.length() - 1);
        }
        if (ascii.length() > MAX_DOMAIN_LENGTH || !DOMAIN.matcher(ascii).matches()) {
            throw CommandException.wrongUsage(
                    "DOMAIN: '"
                            + domain
                            + "' is not a domain: letters, digits and hyphens, with dots between"
                            + " labels of up to 63");
        }
        return ascii;
    }

    private static void insert(Connection connection, String schema, int site, String domain)
            throws SQLException {
        String taken = takenBy(connection, schema, site, domain);
        if (taken != null) {
            throw new CommandException(taken);
        }
        try (PreparedStatement insert =
                connection.prepareStatement("insert into " + schema + ".site values (?, ?)")) {
            insert.setInt(1, site);
            insert.setString(2, domain);
            insert.executeUpdate();
        }
    }

    private static @Nullable String takenBy(
            Connection connection, String schema, int site, String domain) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        "select site_id, domain from "
                                + schema
                                + ".site where site_id = ? or domain = ? order by site_id = ? desc")) {
            query.setInt(1, site);
            query.setString(2, domain);
            query.setInt(3, site);
            try (ResultSet taken = query.executeQuery()) {
                if (!taken.next()) {
                    return null;
                }
                return taken.getInt(1) == site
                        ? "site " + site + " is " + taken.getString(2) + " already"
                        : domain + " is the name of site " + taken.getInt(1) + " already";
            }
        }
    }

    private static String rows(Connection connection, String schema, String function, int site)
            throws SQLException {
        StringJoiner rows = new StringJoiner(", ");
        try (PreparedStatement query =
                connection.prepareStatement(
                        "select table_name, row_count from " + schema + "." + function + "(?)")) {
            query.setInt(1, site);
            try (ResultSet tables = query.executeQuery()) {
                while (tables.next()) {
                    String table = tables.getString(1);
                    rows.add(
                            table.equals("site")
                                    ? (tables.getLong(2) == 0 ? "no name" : "its name")
                                    : Count.of(tables.getLong(2), "row") + " of " + table);
                }
            }
        }
        return rows.toString();
    }

    private static List<String> tenantsOf(Connection connection, String schema, int site)
            throws SQLException {
        List<String> tenants = new ArrayList<>();
        try (PreparedStatement query =
                connection.prepareStatement(
                        "select tenant from " + schema + ".tenants() where ? = any (sites)")) {
            query.setInt(1, site);
            try (ResultSet names = query.executeQuery()) {
                while (names.next()) {
                    tenants.add(names.getString(1));
                }
            }
        }
        return tenants;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
