package io.weir.tools.accesslog;

import org.jspecify.annotations.Nullable;

/** Reads the lines of one file that is written to, and knows what they were so far. */
public final class LiveLines {

    private final String source;
    private final LogFormat format;
    private final LogFindings findings;
    private boolean isKnown;

    LiveLines(String source, LineRules rules) {
        this.source = source;
        this.format = rules.open();
        this.findings = new LogFindings(rules.responseTimes());
    }

    /**
     * Reads a line.
     *
     * @param number of the line in the file, from 1
     */
    public LogLine parse(long number, byte[] line) {
        LogLine content = format.parse(line);
        isKnown |= !(content instanceof UnparsableLine);
        findings.add(new MergedLogs.Line(source, number, line, content, 0));
        return content;
    }

    /** As {@link LogFormat#isSettled}. */
    public boolean isSettled() {
        return format.isSettled();
    }

    /** Which format the lines have, for people; null before the first that has one. */
    public @Nullable String format() {
        return isKnown ? format.name() : null;
    }

    /** What the lines were. */
    public LogFindings findings() {
        return findings;
    }
}
