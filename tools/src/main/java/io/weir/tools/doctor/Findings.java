package io.weir.tools.doctor;

import java.util.ArrayList;
import java.util.List;

/** What the checks found, in the order in which they were made. */
public final class Findings {

    private final List<Finding> found = new ArrayList<>();
    private final List<String> notMade = new ArrayList<>();
    private int checks;

    /** Counts one check, and finds its answer when that is not as it should be. */
    void check(boolean isWell, String subject, String problem, String remedy) {
        checks++;
        if (!isWell) {
            found.add(new Finding(subject, problem, remedy));
        }
    }

    void wrong(String subject, String problem, String remedy) {
        check(false, subject, problem, remedy);
    }

    /** Keeps which checks need something that is not there. */
    void notMade(String... subjects) {
        notMade.addAll(List.of(subjects));
    }

    void well() {
        checks++;
    }

    /** How many checks were made or attempted. */
    public int checks() {
        return checks;
    }

    public List<Finding> found() {
        return List.copyOf(found);
    }

    /** What was not looked at, for want of what the findings name. */
    public List<String> notMade() {
        return List.copyOf(notMade);
    }
}
