package io.weir.tools.accesslog;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which of the plain formats the lines of a file had so far. */
final class PlainFormats {

    private boolean haveCommon;
    private boolean haveCombined;
    private boolean haveHostAndCommon;
    private boolean haveVhostCombined;

    /**
     * Notes a request.
     *
     * @param size where its size has ended
     */
    void add(LineText line, boolean hasHost, int size) {
        boolean isCombined = hasTwoQuotedFields(line, size);
        if (hasHost) {
            haveVhostCombined |= isCombined;
            haveHostAndCommon |= !isCombined;
        } else {
            haveCombined |= isCombined;
            haveCommon |= !isCombined;
        }
    }

    /** Referer and agent. */
    private static boolean hasTwoQuotedFields(LineText line, int size) {
        int referer = line.afterBlanks(size);
        if (!line.has(referer, '"')) {
            return false;
        }
        return line.has(line.afterBlanks(line.closingQuote(referer + 1) + 1), '"');
    }

    /**
     * {@code combined}, {@code common and combined}; before the first request what there may be.
     */
    String name() {
        List<String> names =
                Stream.of(
                                haveCommon ? "common" : "",
                                haveHostAndCommon ? "common with the host in front" : "",
                                haveCombined ? "combined" : "",
                                haveVhostCombined ? "vhost_combined" : "")
                        .filter(name -> !name.isEmpty())
                        .toList();
        if (names.size() < 2) {
            return names.isEmpty() ? "common, combined or vhost_combined" : names.get(0);
        }
        int last = names.size() - 1;
        return names.stream().limit(last).collect(Collectors.joining(", "))
                + " and "
                + names.get(last);
    }
}
