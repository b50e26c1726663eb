package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PasswordUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Login roles that see the rows of some sites. Functions of the schema do the work. */
@Command(
        name = "tenant",
        description = "Manages logins that see the rows of some sites and no others.")
final class TenantCommand extends CommandGroup {

    /** Environment variable that holds the tenant's password; it is never an argument. */
    static final String PASSWORD_VARIABLE = "WEIR_TENANT_PASSWORD";

    @Command(
            name = "add",
            description = {
                "Creates a login that sees these sites, or changes the sites and password of an"
                        + " existing tenant.",
                "The password is read from a file or the environment variable "
                        + PASSWORD_VARIABLE
                        + ", and reaches the server only as a SCRAM verifier."
            })
    void add(
            @Mixin OwnerArguments where,
            @Mixin Tenant tenant,
            @Option(
                            names = "--password-file",
                            paramLabel = "FILE",
                            description = "A file with the password on its first line")
                    @Nullable Path passwordFile) {
        String verifier = verifier(passwordFile);
        where.run(
                session ->
                        session.execute(
                                "select ${schema}.add_tenant(?, ?, ?)",
                                tenant.name,
                                tenant.sites(),
                                verifier));
        out().println(tenant);
    }

    @Command(
            name = "set",
            description = "Changes the sites that a tenant sees, with immediate effect.")
    void set(@Mixin OwnerArguments where, @Mixin Tenant tenant) {
        where.run(
                session ->
                        session.execute(
                                "select ${schema}.change_tenant(?, ?)",
                                tenant.name,
                                tenant.sites()));
        out().println(tenant);
    }

    @Command(name = "list", description = "Lists the tenants and their sites.")
    void list(@Mixin ReaderArguments where) {
        String tenants = "select tenant, array_to_string(sites, ',') from ${schema}.tenants()";
        printTable(List.of("tenant", "sites"), where.ask(session -> session.rows(tenants)));
    }

    @Command(
            name = "remove",
            description = "Removes a tenant's rights and its login, after confirmation.")
    void remove(
            @Mixin OwnerArguments where,
            @Mixin Confirmation confirmation,
            @Parameters(paramLabel = "NAME", description = "The tenant's role") String name) {
        where.run(
                session -> {
                    session.execute("select ${schema}.check_tenant(?)", name);
                    confirmation.ask(
                            "Removes tenant %s of schema %s and its login."
                                    .formatted(name, where.schema()));
                    boolean isGone = session.holds("select ${schema}.remove_tenant(?)", name);
                    out().println("tenant " + name + " sees nothing of schema " + where.schema());
                    String fate = isGone ? " is removed" : " stays: it has rights elsewhere";
                    out().println("role " + name + fate);
                });
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
        if (password == null) {
            return null;
        }
        if (password.isEmpty() || !password.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw CommandException.wrongUsage(
                    "the tenant's password must be printable ASCII, and not empty");
        }
        return PasswordUtil.encodeScramSha256(password.toCharArray());
    }

    /** A tenant as it is typed. */
    static final class Tenant {

        @Parameters(paramLabel = "NAME", description = "The tenant's role")
        private String name = "";

        @Option(
                names = "--sites",
                required = true,
                split = ",",
                paramLabel = "ID",
                description = "The sites that the tenant sees, such as 1,2")
        private SortedSet<Integer> sites = new TreeSet<>();

        Integer[] sites() {
            return sites.toArray(Integer[]::new);
        }

        @Override
        public String toString() {
            return "tenant "
                    + name
                    + (sites.size() == 1 ? " sees site " : " sees sites ")
                    + sites.stream().map(String::valueOf).collect(Collectors.joining(", "));
        }
    }
}
