package io.weir.tools.accesslog;

import io.weir.tools.text.Count;
import io.weir.tools.text.Reasons;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was found in the lines of access logs, for people: response times, and no requests. */
public final class LogFindings {

    private final ResponseTimeRule asked;
    private final Map<ResponseTimeForm, Long> forms = new EnumMap<>(ResponseTimeForm.class);
    private final Reasons faults = new Reasons();
    private final List<String> formats = new ArrayList<>();
    private long requests;
    private @Nullable String firstAmbiguous;

    LogFindings(ResponseTimeRule asked) {
        this.asked = asked;
    }

    void add(MergedLogs.Line line) {
        if (line.content() instanceof ParsedLine request) {
            requests++;
            ResponseTimeForm form = request.responseTime().form();
            forms.merge(form, 1L, Long::sum);
            if (form == ResponseTimeForm.AMBIGUOUS && firstAmbiguous == null) {
                firstAmbiguous = "line " + line.number() + " of " + line.source();
            }
        } else if (line.content() instanceof UnparsableLine none) {
            faults.add(none.fault().reason(), line.source(), line.number(), line.bytes());
        }
    }

    /** Which files had which format. */
    void add(Map<String, List<String>> filesByFormat) {
        filesByFormat.forEach(
                (format, files) ->
                        formats.add("read as %s: %s".formatted(format, String.join(", ", files))));
    }

    /** Which formats the files had, a sentence each. */
    public List<String> formats() {
        return List.copyOf(formats);
    }

    /** The lines that are no requests. */
    public Reasons faults() {
        return faults;
    }

    /** Where requests had their response times so far. */
    public Set<ResponseTimeForm> forms() {
        return Set.copyOf(forms.keySet());
    }

    /** What the response times were taken from, and what was left out, a sentence a line. */
    public List<String> responseTimes() {
        if (asked == ResponseTimeRule.OFF) {
            return List.of("response times: not read (--response-time off)");
        }
        List<String> lines = new ArrayList<>();
        long ambiguous = forms.getOrDefault(ResponseTimeForm.AMBIGUOUS, 0L);
        long none = forms.getOrDefault(ResponseTimeForm.NONE, 0L);
        lines.add(
                String.format(
                        Locale.ROOT,
                        "response times: read of %,d of %s",
                        requests - ambiguous - none,
                        Count.of(requests, "request")));
        forms.forEach(
                (form, count) -> {
                    if (form.compareTo(ResponseTimeForm.AMBIGUOUS) < 0) {
                        lines.add(
                                String.format(Locale.ROOT, "  %,d: %s", count, form.description()));
                    }
                });
        if (ambiguous > 0) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "  %,d not read: %s (first in %s) may be a time in any unit or"
                                    + " something else. Say which with --response-time last:us"
                                    + " (Apache's %%D), last:ms, last:s, or off",
                            ambiguous,
                            ResponseTimeForm.AMBIGUOUS.description(),
                            firstAmbiguous));
        }
        return lines;
    }
}
