package io.weir.tools.doctor;

/**
 * Something that is not as it should be, or could not be looked at.
 *
 * @param subject what was looked at: {@code topic http_requests}
 * @param problem what is wrong with it
 * @param remedy what to do about it
 */
public record Finding(String subject, String problem, String remedy) {

    /** One line, whatever a server put into its message. */
    @Override
    public String toString() {
        return (subject + ": " + problem + ". " + remedy).lines().findFirst().orElse("");
    }
}
