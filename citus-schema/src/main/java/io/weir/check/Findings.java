package io.weir.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What checks found, in the order in which they were made. */
public final class Findings {

    private final List<Finding> found = new ArrayList<>();
    private final List<String> unchecked = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int checks;

    /** Counts one check, and keeps what it found when that is not as it should be. */
    public void check(boolean isWell, String subject, String problem, String remedy) {
        checks++;
        if (!isWell) {
            found.add(new Finding(subject, problem, remedy));
        }
    }

    public void wrong(String subject, String problem, String remedy) {
        check(false, subject, problem, remedy);
    }

    public void well() {
        checks++;
    }

    /** Counts one check, and keeps all that it found. */
    public void check(Collection<Finding> all) {
        checks++;
        found.addAll(all);
    }

    /** Takes over what other checks found, except for what they could not look at. */
    public void include(Findings more) {
        checks += more.checks;
        found.addAll(more.found);
        notes.addAll(more.notes);
    }

    /** Keeps what could not be looked at. */
    public void unchecked(String... names) {
        unchecked.addAll(List.of(names));
    }

    public void note(String line) {
        notes.add(line);
    }

    /**
     * Counts one check that a query made. Its rows are notes of one column; or subject, problem and
     * remedy; or subject, expected, found and remedy.
     */
    void rows(List<List<String>> rows) {
        checks++;
        for (List<String> row : rows) {
            switch (row.size()) {
                case 1 -> note(row.get(0));
                case 3 -> found.add(new Finding(row.get(0), row.get(1), row.get(2)));
                case 4 ->
                        found.add(
                                Finding.difference(row.get(0), row.get(1), row.get(2), row.get(3)));
                default -> throw new IllegalArgumentException("a check answers " + row);
            }
        }
    }

    /** How many checks were made or attempted. */
    public int checks() {
        return checks;
    }

    public List<Finding> found() {
        return List.copyOf(found);
    }

    /** What could not be looked at, a line each. */
    public List<String> unchecked() {
        return List.copyOf(unchecked);
    }

    /** What else there is to know, a line each. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** Whether everything was looked at, and is as it should be. */
    public boolean isAllWell() {
        return found.isEmpty() && unchecked.isEmpty();
    }
}
