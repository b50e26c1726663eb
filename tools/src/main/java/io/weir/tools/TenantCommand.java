package io.weir.tools;

import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Login roles that see the rows of some sites. */
@Command(
        name = "tenant",
        description = "Makes logins that see the rows of some sites and no others.",
        mixinStandardHelpOptions = true)
final class TenantCommand implements Runnable {

    /** Environment variable that holds the new tenant's password; it is never an argument. */
    static final String PASSWORD_VARIABLE = "WEIR_TENANT_PASSWORD";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");
    private static final Pattern RESERVED =
            Pattern.compile("pg_.*|weir_.*|public|none|user|(current|session)_(user|role)");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "add",
            description = {
                "Makes a login that sees these sites; of one that is there, changes them.",
                "Its password is read from a file or the environment variable "
                        + PASSWORD_VARIABLE
                        + ", and reaches the server as a SCRAM verifier only."
            },
            mixinStandardHelpOptions = true)
    void add(
            @Mixin SchemaArguments where,
            @Parameters(paramLabel = "NAME", description = "The role") String name,
            @Option(
                            names = "--sites",
                            required = true,
                            split = ",",
                            paramLabel = "ID",
                            description = "The sites it sees, such as 1,2")
                    List<Integer> sites,
            @Option(
                            names = "--password-file",
                            paramLabel = "FILE",
                            description = "Holds the password in its first line")
                    @Nullable Path passwordFile) {
        requireUsable(name, sites);
        where.migration(); // checks the schema's name, which becomes part of a statement
        String verifier = verifier(passwordFile);
        try (Connection connection = where.database().connect(where.schema())) {
            boolean isNew = !exists(connection, name);
            if (!isNew) {
                requireTenant(connection, where.schema(), name);
            } else if (verifier == null) {
                throw CommandException.wrongUsage(
                        "a new tenant needs a password: use --password-file or the environment"
                                + " variable "
                                + PASSWORD_VARIABLE);
            } else {
                execute(connection, "create role " + quoted(name) + " login");
            }
            try {
                if (verifier != null) {
                    execute(
                            connection,
                            "alter role " + quoted(name) + " password '" + verifier + "'");
                }
                setSites(connection, where.schema(), name, sites);
            } catch (SQLException e) {
                if (isNew) {
                    execute(connection, "drop role " + quoted(name));
                }
                throw e;
            }
        } catch (SQLException e) {
            throw where.failure(e);
        }
        say(name, sites);
    }

    @Command(
            name = "set",
            description = "Changes the sites that a tenant sees, at once.",
            mixinStandardHelpOptions = true)
    void set(
            @Mixin SchemaArguments where,
            @Parameters(paramLabel = "NAME", description = "The role") String name,
            @Option(
                            names = "--sites",
                            required = true,
                            split = ",",
                            paramLabel = "ID",
                            description = "The sites it sees, such as 1,2")
                    List<Integer> sites) {
        requireUsable(name, sites);
        where.migration();
        try (Connection connection = where.database().connect(where.schema())) {
            requireTenant(connection, where.schema(), name);
            setSites(connection, where.schema(), name, sites);
        } catch (SQLException e) {
            throw where.failure(e);
        }
        say(name, sites);
    }

    @Command(
            name = "list",
            description = "Lists the tenants and their sites.",
            mixinStandardHelpOptions = true)
    void list(@Mixin SchemaArguments where) {
        where.migration();
        try (Connection connection = where.database().connect(where.schema());
                PreparedStatement query =
                        connection.prepareStatement(
                                "select tenant, array_to_string(sites, ',') from "
                                        + where.schema()
                                        + ".tenants()");
                ResultSet tenants = query.executeQuery()) {
            out().printf("%-24s %s%n", "tenant", "sites");
            while (tenants.next()) {
                out().printf("%-24s %s%n", tenants.getString(1), tenants.getString(2));
            }
        } catch (SQLException e) {
            throw where.failure(e);
        }
    }

    @Command(
            name = "remove",
            description = "Removes a tenant's rights and its login, after asking.",
            mixinStandardHelpOptions = true)
    void remove(
            @Mixin SchemaArguments where,
            @Mixin Confirmation confirmation,
            @Parameters(paramLabel = "NAME", description = "The role") String name) {
        where.migration();
        try (Connection connection = where.database().connect(where.schema())) {
            requireTenant(connection, where.schema(), name);
            confirmation.ask(
                    "Removes tenant " + name + " of schema " + where.schema() + " and its login.");
            try (PreparedStatement drop =
                    connection.prepareStatement(
                            "select " + where.schema() + ".drop_tenant(?::text::name)")) {
                drop.setString(1, name);
                drop.execute();
            }
            out().println("tenant " + name + " sees nothing of schema " + where.schema());
            dropRole(connection, name);
        } catch (SQLException e) {
            throw where.failure(e);
        }
    }

    /** What else the role owns or sees is not this schema's to take away. */
    private void dropRole(Connection connection, String name) throws SQLException {
        try {
            execute(connection, "drop role " + quoted(name));
            out().println("role " + name + " is removed");
        } catch (SQLException e) {
            if (!"2BP01".equals(e.getSQLState())) {
                throw e;
            }
            out().println("role " + name + " stays: it has rights elsewhere");
        }
    }

    private static void requireUsable(String name, List<Integer> sites) {
        if (!NAME.matcher(name).matches()) {
            throw CommandException.wrongUsage(
                    "NAME: '"
                            + name
                            + "' cannot name a tenant: use up to 63 of a-z, 0-9, _ and -, a letter"
                            + " first");
        }
        if (RESERVED.matcher(name).matches()) {
            throw CommandException.wrongUsage("NAME: " + name + " is reserved: choose another");
        }
        if (sites.isEmpty() || sites.stream().anyMatch(site -> site <= 0)) {
            throw CommandException.wrongUsage(
                    "--sites: a tenant sees one site or more, each greater than 0");
        }
    }

    private static void requireTenant(Connection connection, String schema, String name)
            throws SQLException {
        if (!isTrue(
                connection,
                "select exists (select from " + schema + ".tenants() where tenant = ?)",
                name)) {
            throw new CommandException(
                    exists(connection, name)
                            ? "role " + name + " is not a tenant of schema " + schema
                            : "there is no tenant " + name);
        }
    }

    private static boolean exists(Connection connection, String name) throws SQLException {
        return isTrue(connection, "select exists (select from pg_roles where rolname = ?)", name);
    }

    private static boolean isTrue(Connection connection, String question, String name)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(question)) {
            query.setString(1, name);
            try (ResultSet answer = query.executeQuery()) {
                return answer.next() && answer.getBoolean(1);
            }
        }
    }

    private static void setSites(
            Connection connection, String schema, String name, List<Integer> sites)
            throws SQLException {
        try (PreparedStatement set =
                connection.prepareStatement("select " + schema + ".set_tenant(?::text::name, ?)")) {
            set.setString(1, name);
            set.setArray(2, connection.createArrayOf("int4", sites.toArray()));
            set.execute();
        }
    }

    private static @Nullable String verifier(@Nullable Path file) {
        String password = System.getenv(PASSWORD_VARIABLE);
        if (file != null) {
            try {
                password = Files.readString(file).lines().findFirst().orElse("");
            } catch (IOException e) {
                throw new CommandException("--password-file: cannot read " + file, e);
            }
        }
        return password == null ? null : ScramVerifier.of(password);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The name has no quote in it: {@link #NAME}. */
    private static String quoted(String name) {
        return '"' + name + '"';
    }

    private void say(String name, List<Integer> sites) {
        out().println(
                        "tenant "
                                + name
                                + " sees sites "
                                + sites.stream()
                                        .sorted()
                                        .distinct()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(", ")));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
