package io.weir.tools.accesslog;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The time of a line, put together from the fields that a format string has for it. */
final class FormatTime {

    private final LineText line;
    private @Nullable LogTime whole;
    private @Nullable Instant sinceEpoch;
    private int year;
    private int month;
    private int day;
    private int hour;
    private int minute;
    private int second;
    private int millis = -1;
    private int zoneMinutes;

    private FormatTime(LineText line) {
        this.line = line;
    }

    /**
     * The time, or null if there is no such time. One that is counted since 1970 goes before one
     * that is written, since it has a fraction of the second mostly; a field with the fraction
     * counts where the other has none.
     */
    static @Nullable Instant of(List<FormatStep> steps, FormatLine fields, LineText line) {
        FormatTime time = new FormatTime(line);
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).isRead(FieldRole.TIME)) {
                time.take(steps.get(i).field().kind(), fields, i);
            }
        }
        return time.instant();
    }

    private void take(FieldKind kind, FormatLine fields, int index) {
        int at = fields.start(index);
        switch (kind) {
            case TIME -> whole = LogTime.bare(line, at);
            case EPOCH, EPOCH_SECONDS -> sinceEpoch = LoggedFields.time(fields.text(index));
            case YEAR -> year = digits(at, 4);
            case MONTH -> month = digits(at, 2);
            case MONTH_NAME -> month = LogTime.month(line, at);
            case DAY -> day = digits(at, 2);
            case PADDED_DAY -> day = line.has(at, ' ') ? digits(at + 1, 1) : digits(at, 2);
            case HOUR -> hour = digits(at, 2);
            case MINUTE -> minute = digits(at, 2);
            case SECOND -> second = digits(at, 2);
            case MILLIS, MICROS -> millis = digits(at, 3);
            case ZONE -> zoneMinutes = LogTime.zoneMinutes(line, at);
            default -> {
                // the day of the week follows from the date
            }
        }
    }

    private @Nullable Instant instant() {
        Instant instant;
        if (sinceEpoch != null) {
            instant = sinceEpoch;
        } else if (whole != null) {
            instant = whole.instant();
        } else {
            instant = LogTime.instant(year, month, day, hour, minute, second, 0, zoneMinutes);
        }
        return instant == null || millis < 0 || instant.toEpochMilli() % 1_000 != 0
                ? instant
                : instant.plusMillis(millis);
    }

    private int digits(int from, int count) {
        return (int) line.number(from, from + count);
    }
}
