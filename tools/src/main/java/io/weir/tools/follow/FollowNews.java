package io.weir.tools.follow;

import io.weir.tools.accesslog.LineFault;
import io.weir.tools.accesslog.LiveLines;
import io.weir.tools.accesslog.LiveRecords;
import io.weir.tools.accesslog.NewHosts;
import io.weir.tools.accesslog.ResponseTimeForm;
import io.weir.tools.text.Reasons;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Says once what is found while logs are followed: how each is read, which hosts are sites, and why
 * lines are rejected.
 */
final class FollowNews {

    private final LiveRecords records;
    private final Consumer<String> say;
    private final Map<FollowedLog, Said> saidOfLogs = new HashMap<>();
    private final NewHosts hosts = new NewHosts();
    private final Set<String> reasons = new HashSet<>();
    private boolean isNaming;

    FollowNews(LiveRecords records, Consumer<String> say) {
        this.records = records;
        this.say = say;
    }

    /** What was not said before. */
    void tell(List<FollowedLog> logs) {
        for (FollowedLog log : logs) {
            Said said = saidOfLogs.computeIfAbsent(log, each -> new Said());
            for (FollowedPart part : log.parts()) {
                tell(log, part.content(), said);
            }
        }
        tellHosts();
        tellReasons();
    }

    private void tell(FollowedLog log, LiveLines content, Said said) {
        String format = content.format();
        if (format == null) {
            return;
        }
        if (said.formats.add(format)) {
            say.accept("%s is read as %s".formatted(log.path(), format));
        }
        if (said.forms.addAll(content.findings().forms())) {
            List<String> lines = content.findings().responseTimes();
            say.accept("%s: %s".formatted(log.path(), lines.get(0)));
            lines.stream().skip(1).forEach(say);
        }
    }

    private void tellHosts() {
        List<String> lines = hosts.in(records.domains());
        lines.forEach(say);
        if (!lines.isEmpty() && !isNaming) {
            isNaming = true;
            say.accept(
                    "the store has no names for these sites until you give them: ./weir site add ID DOMAIN");
        }
    }

    private void tellReasons() {
        Reasons faults = records.findings().faults();
        for (String reason : faults.reasons()) {
            if (reasons.add(reason)) {
                LineFault fault = LineFault.of(reason);
                say.accept(
                        "rejected, the first for this reason: %s%s; %s"
                                .formatted(
                                        reason,
                                        fault == null ? "" : " (" + fault.message() + ")",
                                        faults.example(reason)));
            }
        }
    }

    /** What was said of a log. */
    private record Said(Set<String> formats, Set<ResponseTimeForm> forms) {
        Said() {
            this(new HashSet<>(), EnumSet.noneOf(ResponseTimeForm.class));
        }
    }
}
