package io.weir.tools.accesslog;

import io.weir.tools.text.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Says which hosts have become sites. Anybody can make some up, so only the first are named, and
 * then it is said now and then how many there are.
 */
public final class NewHosts {

    private static final int NAMED = 20;

    private int known;
    private int nextCount = 1;

    /**
     * What to say of those that have come since it was asked last, a sentence a line.
     *
     * @param byDomain all of them, in the order of their sites
     */
    public List<String> in(Map<String, Integer> byDomain) {
        if (byDomain.size() == known) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        byDomain.entrySet().stream()
                .limit(NAMED)
                .skip(known)
                .forEach(
                        each ->
                                lines.add(
                                        "site %d is %s".formatted(each.getValue(), each.getKey())));
        known = byDomain.size();
        if (known >= SiteBy.MAX_HOSTS) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%,d hosts are sites, which is the limit: lines with any other host are rejected (%s)",
                            known,
                            LineFault.TOO_MANY_HOSTS.reason()));
        } else if (known >= nextCount) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%s %s; at most %,d can be",
                            Count.of(known, "host"),
                            known == 1 ? "is a site" : "are sites",
                            SiteBy.MAX_HOSTS));
            nextCount = 2 * known;
        }
        return lines;
    }
}
