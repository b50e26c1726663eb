package io.weir.check;

/**
 * Something that is not as it should be.
 *
 * @param subject what was looked at, by name: {@code topic http_requests}
 * @param problem what is wrong with it
 * @param remedy what to do about it: a statement, a command or a sentence
 */
public record Finding(String subject, String problem, String remedy) {

    /** What is there is not what should be. */
    public static Finding difference(String subject, String expected, String found, String remedy) {
        return new Finding(subject, "expected " + expected + ", found " + found, remedy);
    }

    /** One line, whatever a server put into its message, with a remedy to copy. */
    @Override
    public String toString() {
        return line(": ");
    }

    /** One line whose remedy is a sentence of its own. */
    public String inSentences() {
        return line(". ");
    }

    private String line(String beforeRemedy) {
        return (subject + ": " + problem + beforeRemedy + remedy)
                .lines()
                .findFirst()
                .orElse(subject);
    }
}
