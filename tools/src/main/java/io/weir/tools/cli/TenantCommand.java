package io.weir.tools.cli;

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
            @Mixin OwnerArguments where,
            @Mixin Tenant tenant,
            @Option(
                            names = "--password-file",
                            paramLabel = "FILE",
                            description = "Holds the password in its first line")
                    @Nullable Path passwordFile) {
        tenant.requireUsable();
        String verifier = verifier(passwordFile);
        where.run(connection -> add(connection, where.schema(), tenant, verifier));
        out().println(tenant);
    }

    private static void add(
            Connection connection, String schema, Tenant tenant, @Nullable String verifier)
            throws SQLException {
        boolean isNew = !exists(connection, tenant.name);
        if (!isNew) {
            requireMayBeTenant(connection, schema, tenant.name);
        } else if (verifier == null) {
            throw CommandException.wrongUsage(
                    "a new tenant needs a password: use --password-file or the environment"
                            + " variable "
                            + PASSWORD_VARIABLE);
        } else {
            execute(connection, "create role " + quoted(tenant.name) + " login");
        }
        try {
            if (verifier != null) {
                execute(
                        connection,
                        "alter role " + quoted(tenant.name) + " password '" + verifier + "'");
            }
            setSites(connection, schema, tenant);
        } catch (SQLException e) {
            if (isNew) {
                execute(connection, "drop role " + quoted(tenant.name));
            }
            throw e;
        }
    }

    @Command(
            name = "set",
            description = "Changes the sites that a tenant sees, at once.",
            mixinStandardHelpOptions = true)
    void set(@Mixin OwnerArguments where, @Mixin Tenant tenant) {
        tenant.requireUsable();
        where.run(
                connection -> {
                    requireTenant(connection, where.schema(), tenant.name);
                    setSites(connection, where.schema(), tenant);
                });
        out().println(tenant);
    }

    @Command(
            name = "list",
            description = "Lists the tenants and their sites.",
            mixinStandardHelpOptions = true)
    void list(@Mixin ReaderArguments where) {
        where.list(
                out(),
                "%-24s %s%n",
                "select tenant, array_to_string(sites, ',') as sites from SCHEMA.tenants()");
    }

    @Command(
            name = "remove",
            description = "Removes a tenant's rights and its login, after asking.",
            mixinStandardHelpOptions = true)
    void remove(
            @Mixin OwnerArguments where,
            @Mixin Confirmation confirmation,
            @Parameters(paramLabel = "NAME", description = "The role") String name) {
        where.run(
                connection -> {
                    requireTenant(connection, where.schema(), name);
                    confirmation.ask(
                            "Removes tenant "
                                    + name
                                    + " of schema "
                                    + where.schema()
                                    + " and its login.");
                    remove(connection, where.schema(), name);
                });
    }

    private void remove(Connection connection, String schema, String name) throws SQLException {
        try (PreparedStatement drop =
                connection.prepareStatement("select " + schema + ".drop_tenant(?::text::name)")) {
            drop.setString(1, name);
            drop.execute();
        }
        out().println("tenant " + name + " sees nothing of schema " + schema);
        dropRole(connection, name);
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

    private static void requireTenant(Connection connection, String schema, String name)
            throws SQLException {
        if (!isTenant(connection, schema, name)) {
            throw new CommandException(
                    exists(connection, name)
                            ? "role "
                                    + name
                                    + " is not a tenant of schema "
                                    + schema
                                    + ": weir tenant list names those that are"
                            : "there is no tenant "
                                    + name
                                    + ": weir tenant list names those that are, weir tenant add"
                                    + " makes one");
        }
    }

    /** A role of something else would get a password, and perhaps see too much. */
    private static void requireMayBeTenant(Connection connection, String schema, String name)
            throws SQLException {
        if (isTenant(connection, schema, name)) {
            return;
        }
        String query =
                """
                select case when rolsuper then 'is a superuser'
                            when rolbypassrls then 'is not bound by row security'
                            when pg_has_role(oid, 'weir_writer', 'member') then 'is a member of weir_writer'
                            when pg_has_role(oid, 'weir_reader', 'member') then 'is a member of weir_reader' end
                from pg_roles where rolname = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet role = statement.executeQuery()) {
                String reason = role.next() ? role.getString(1) : null;
                throw new CommandException(
                        "role "
                                + name
                                + (reason == null
                                        ? " is there and not a tenant of schema "
                                                + schema
                                                + ": choose another name, or give that role its"
                                                + " sites by select "
                                                + schema
                                                + ".set_tenant('"
                                                + name
                                                + "', '{1,2}')"
                                        : " "
                                                + reason
                                                + " and cannot be a tenant: choose another"
                                                + " name"));
            }
        }
    }

    private static boolean isTenant(Connection connection, String schema, String name)
            throws SQLException {
        return isTrue(
                connection,
                "select exists (select from " + schema + ".tenants() where tenant = ?)",
                name);
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

    private static void setSites(Connection connection, String schema, Tenant tenant)
            throws SQLException {
        try (PreparedStatement set =
                connection.prepareStatement("select " + schema + ".set_tenant(?::text::name, ?)")) {
            set.setString(1, tenant.name);
            set.setArray(2, connection.createArrayOf("int4", tenant.sites.toArray()));
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

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** A tenant as it is typed. */
    static final class Tenant {

        @Parameters(paramLabel = "NAME", description = "The role")
        private String name = "";

        @Option(
                names = "--sites",
                required = true,
                split = ",",
                paramLabel = "ID",
                description = "The sites it sees, such as 1,2")
        private List<Integer> sites = List.of();

        void requireUsable() {
            if (!NAME.matcher(name).matches()) {
                throw CommandException.wrongUsage(
                        "NAME: '"
                                + name
                                + "' cannot name a tenant: use up to 63 of a-z, 0-9, _ and -, a"
                                + " letter first");
            }
            if (RESERVED.matcher(name).matches()) {
                throw CommandException.wrongUsage("NAME: " + name + " is reserved: choose another");
            }
            if (sites.isEmpty() || sites.stream().anyMatch(site -> site <= 0)) {
                throw CommandException.wrongUsage(
                        "--sites: a tenant sees one site or more, each greater than 0");
            }
        }

        @Override
        public String toString() {
            List<String> seen = sites.stream().sorted().distinct().map(String::valueOf).toList();
            return "tenant "
                    + name
                    + " sees "
                    + (seen.size() == 1 ? "site " : "sites ")
                    + String.join(", ", seen);
        }
    }
}
