package io.weir.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.traffic.Grain;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What Java writes is what the tables have: no column is missing, on either side. */
class TrafficColumnsIT {

    @TempDir static Path directory;
    private static TestStore store;

    @BeforeAll
    static void start() throws SQLException {
        store = TestStore.start(directory);
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    static Stream<Arguments> everyTable() {
        return Stream.of(StoreTables.values())
                .flatMap(tables -> Stream.of(Grain.values()).map(g -> Arguments.of(tables, g)));
    }

    @ParameterizedTest
    @MethodSource("everyTable")
    void everyColumnOfTheTableIsWrittenAsItsType(StoreTables tables, Grain grain)
            throws SQLException {
        String written =
                new TrafficUpsert(TestStore.SCHEMA, tables)
                        .statement(grain).columns().stream()
                                .map(TrafficColumnsIT::nameAndType)
                                .collect(Collectors.joining(", "));

        assertThat(
                        store.query(
                                """
                                select attname, atttypid::regtype from pg_attribute
                                where attrelid = 'TABLE'::regclass and attnum > 0 and not attisdropped
                                """
                                        .replace("TABLE", tables.of(grain))))
                .containsExactlyInAnyOrderElementsOf(
                        store.query(
                                """
                                select name, type::regtype from (values %s) as written (name, type)
                                """
                                        .formatted(written)));
    }

    private static String nameAndType(Column<?> column) {
        Object type = column.cast() == null ? column.type() : column.cast();
        return "('%s', '%s')".formatted(column.name(), type);
    }
}
