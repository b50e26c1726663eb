package io.weir.schema;

import java.sql.SQLException;

/** What the roles must be able to do, and what they must not. */
final class RoleChecks {

    private final Findings findings;

    RoleChecks(Findings findings) {
        this.findings = findings;
    }

    void run() throws SQLException {
        owner();
        roles();
        schemaRights();
        rights();
        excess();
        rowSecurity();
        statistics();
    }

    private void owner() throws SQLException {
        findings.notes(
                """
                select format('%s does not own the schema, %s does: rights and rows are checked as far as %s sees them',
                              current_user, pg_get_userbyid(nspowner), current_user)
                from pg_namespace where nspname = '${schema}' and not pg_has_role(current_user, nspowner, 'USAGE')
                """);
    }

    private void roles() throws SQLException {
        findings.check(
                "roles",
                """
                select 'role ' || name, 'there', 'none', 'select ${schema}.grant_roles()'
                from unnest(array['weir_writer', 'weir_reader']) as name
                where name not in (select rolname from pg_roles)
                union all
                select 'role ' || rolname, 'bound by rights', concat_ws(', ', case when rolsuper then 'superuser' end, case when rolbypassrls then 'bypassrls' end),
                       format('alter role %s nosuperuser nobypassrls', rolname)
                from pg_roles where rolname in ('weir_writer', 'weir_reader') and (rolsuper or rolbypassrls)
                order by 1
                """);
    }

    private void schemaRights() throws SQLException {
        findings.check(
                "rights on the schema",
                """
                select rolname || ' on schema ${schema}', 'USAGE', 'not granted', 'select ${schema}.grant_roles()'
                from pg_roles
                where rolname in ('weir_writer', 'weir_reader') and not has_schema_privilege(rolname, '${schema}', 'USAGE')
                union all
                select rolname || ' on schema ${schema}', 'no CREATE', 'granted', format('revoke create on schema ${schema} from %s, public', rolname)
                from pg_roles
                where rolname in ('weir_writer', 'weir_reader') and not rolsuper and has_schema_privilege(rolname, '${schema}', 'CREATE')
                order by 1
                """);
    }

    private void rights() throws SQLException {
        findings.check(
                "rights",
                """
                with wanted (rolname, relname, privilege) as (
                  select 'weir_writer', name, privilege
                  from ${schema}.site_tables() as name, unnest(array['SELECT', 'INSERT', 'UPDATE']) as privilege
                  union all
                  select 'weir_reader', name, 'SELECT' from ${schema}.site_tables() as name
                  union all
                  select name, 'retention_policy', 'SELECT' from unnest(array['weir_writer', 'weir_reader']) as name
                  union all
                  select 'weir_reader', relname, 'SELECT'
                  from pg_class where relnamespace = '${schema}'::regnamespace and relkind = 'v' and relname like 'traffic\\_%'
                )
                select format('%s on %s', rolname, pg_class.oid::regclass), string_agg(privilege, ', '), 'not granted', 'select ${schema}.grant_roles()'
                from wanted join pg_roles using (rolname) join pg_class using (relname)
                where relnamespace = '${schema}'::regnamespace and not has_table_privilege(pg_roles.oid, pg_class.oid, privilege)
                group by rolname, pg_class.oid
                order by 1
                """);
    }

    /** Rows are written through the tables by site only, and never removed by a writer. */
    private void excess() throws SQLException {
        findings.check(
                "rights too many",
                """
                select format('%s on %s', rolname, pg_class.oid::regclass), 'no ' || string_agg(privilege, ', '), 'granted',
                       format('revoke %s on %s from %s, public', string_agg(privilege, ', '), pg_class.oid::regclass, rolname)
                from pg_roles cross join pg_class
                cross join unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) as privilege
                where rolname in ('weir_writer', 'weir_reader') and not rolsuper
                  and relnamespace = '${schema}'::regnamespace and relkind in ('r', 'p', 'v')
                  and has_table_privilege(rolname, pg_class.oid, privilege)
                  and not (rolname = 'weir_writer' and privilege in ('INSERT', 'UPDATE') and relname in (select ${schema}.site_tables()))
                  and not (rolname = 'weir_writer' and privilege = 'INSERT' and relname = 'top_site_election')
                group by rolname, pg_class.oid
                order by 1
                """);
    }

    private void rowSecurity() throws SQLException {
        findings.check(
                "row security",
                """
                select format('row security of %s', pg_class.oid::regclass), 'enabled', 'off',
                       format('alter table %s enable row level security', pg_class.oid::regclass)
                from ${schema}.site_tables() as name join pg_class on pg_class.oid = to_regclass('${schema}.' || name)
                where not relrowsecurity
                union all
                select format('row security of %s', pg_class.oid::regclass), 'a policy for ' || rolname, 'none',
                       format('create policy %s on %s to %s using (true)%s', rolname, pg_class.oid::regclass, rolname,
                              case rolname when 'weir_writer' then ' with check (true)' else '' end)
                from ${schema}.site_tables() as name join pg_class on pg_class.oid = to_regclass('${schema}.' || name)
                cross join pg_roles
                where rolname in ('weir_writer', 'weir_reader')
                  and not exists (select from pg_policy where polrelid = pg_class.oid and polroles @> array[pg_roles.oid] and polpermissive
                                  and pg_get_expr(polqual, polrelid) = 'true')
                order by 1
                """);
    }

    /** EXPLAIN would tell a tenant from them how much traffic others have. */
    private void statistics() throws SQLException {
        findings.check(
                "statistics",
                """
                select 'planner statistics of ${schema}.' || name, 'of bucket only', 'more in ' || min(attrelid::regclass::text),
                       format('select ${schema}.hide_statistics(%L)', name)
                from ${schema}.site_tables() as name
                cross join lateral (select to_regclass('${schema}.' || name) as id
                                    union select relid from pg_partition_tree(to_regclass('${schema}.' || name))) as tables
                join pg_attribute on attrelid = tables.id
                where attnum > 0 and not attisdropped and attname <> 'bucket' and attstattarget is distinct from 0
                group by name
                order by 1
                """);
    }
}
