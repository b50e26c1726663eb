package io.weir.check;

import io.weir.database.Resources;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A query that answers a row for each thing that is not as it should be, from {@code
 * weir/checks/NAME.sql}.
 *
 * @param traits when and as whom it is asked, from {@code weir/checks/list.txt}
 */
public record Check(String name, Set<Trait> traits, String sql) {

    static final String FOLDER = "/weir/checks/";

    /** The words of {@code list.txt}, which explains them. */
    public enum Trait {
        VERIFY,
        DOCTOR,
        JOB,
        CITUS,
        NODES
    }

    /** What {@code weir schema verify} checks. */
    public static List<Check> ofVerify() {
        return without(Trait.DOCTOR);
    }

    /** What {@code weir doctor} checks of the database. */
    public static List<Check> ofDoctor() {
        return without(Trait.VERIFY);
    }

    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

    private static List<Check> without(Trait trait) {
        return Resources.lines(FOLDER + "list.txt").stream()
                .map(Check::load)
                .filter(check -> !check.is(trait))
                .toList();
    }

    private static Check load(String line) {
        List<String> words = List.of(line.split(" +"));
        Set<Trait> traits =
                words.stream()
                        .skip(1)
                        .map(word -> Trait.valueOf(word.toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toUnmodifiableSet());
        String file = words.get(0);
        String sql = Resources.text(FOLDER + file + ".sql");
        return new Check(
                file.replace('_', ' '),
                traits,
                traits.contains(Trait.NODES)
                        ? Resources.text(FOLDER + "same_on_every_node.sql").replace("${query}", sql)
                        : sql);
    }
}
