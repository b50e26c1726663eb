package io.weir.tools.send;

import java.time.LocalDate;
import java.util.List;

/**
 * Writes requests as JSON, in all the ways that the event allows: times as text with various
 * offsets and digits or as epoch milliseconds, numbers with and without fraction, unknown fields.
 */
final class RequestJson {

    private static final int[] OFFSET_MINUTES = {0, 0, 0, 0, 0, 0, 120, -180, 330, -300, 765};
    private static final List<String> UNKNOWN_FIELDS =
            List.of(
                    "\"user_agent\":\"Mozilla/5.0 (X11; Linux x86_64; rv:128.0)\"",
                    "\"tags\":[\"a\",{\"b\":[1,2.5e3,null]},true,{}]",
                    "\"cache\":null,\"edge\":{\"city\":\"S\\u00e3o Paulo\",\"site_id\":0}");
    private static final long NANOS_OF_MILLI = 1_000_000;
    private static final long MINUTE_MILLIS = 60_000;
    private static final long DAY_MILLIS = 86_400_000;

    private final JsonBuffer json = new JsonBuffer();

    byte[] write(GeneratedRequest request, Draws draws) {
        begin(request, draws);
        return end();
    }

    /**
     * Writes the request with one more field that nobody knows, so that it has the given length.
     */
    byte[] writePadded(GeneratedRequest request, int bytes, Draws draws) {
        begin(request, draws);
        json.raw(",\"padding\":\"");
        json.raw("x".repeat(bytes - json.length() - 2)).raw('"');
        return end();
    }

    private void begin(GeneratedRequest request, Draws draws) {
        json.clear().raw("{\"site_id\":").number(request.siteId());
        json.raw(draws.oneIn(50) ? ",\"ingest_time\":" : ",\"event_time\":");
        eventTime(request.eventTimeMillis(), draws);
        json.raw(",\"status_code\":").number(request.statusCode());
        if (request.ipAddress() != null) {
            json.raw(",\"ip_address\":").text(request.ipAddress());
        }
        if (request.responseTimeNanos() != null) {
            json.raw(",\"response_time_msec\":");
            milliseconds(request.responseTimeNanos(), draws);
        }
        if (request.bytesSent() != null) {
            json.raw(",\"bytes_sent\":").number(request.bytesSent());
        }
        if (request.country() != null) {
            json.raw(",\"request_country\":").text(request.country());
        }
        json.raw(",\"request_id\":").text(request.requestId());
        json.raw(",\"url\":").text(request.url());
        if (draws.oneIn(40)) {
            json.raw(',').raw(UNKNOWN_FIELDS.get(draws.below(UNKNOWN_FIELDS.size())));
        }
    }

    private byte[] end() {
        return json.raw('}').toBytes();
    }

    private void eventTime(long millis, Draws draws) {
        if (draws.oneIn(6)) {
            json.number(millis);
        } else {
            int offsetMinutes = OFFSET_MINUTES[draws.below(OFFSET_MINUTES.length)];
            json.raw('"');
            localTime(millis + offsetMinutes * MINUTE_MILLIS);
            fraction((int) (millis % 1_000), draws);
            offset(offsetMinutes);
            json.raw('"');
        }
    }

    private void localTime(long millis) {
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(millis, DAY_MILLIS));
        json.padded(date.getYear(), 4).raw('-').padded(date.getMonthValue(), 2);
        json.raw('-').padded(date.getDayOfMonth(), 2);
        int second = (int) (Math.floorMod(millis, DAY_MILLIS) / 1_000);
        json.raw('T').padded(second / 3_600, 2).raw(':').padded(second / 60 % 60, 2);
        json.raw(':').padded(second % 60, 2);
    }

    /**
     * Digits after the milliseconds must not change anything: events are counted in milliseconds.
     */
    private void fraction(int millis, Draws draws) {
        if (millis != 0 || draws.oneIn(2)) {
            json.raw('.').padded(millis, 3);
            if (draws.oneIn(20)) {
                json.padded(draws.below(1_000), 3);
            }
        }
    }

    private void offset(int minutes) {
        if (minutes == 0) {
            json.raw('Z');
        } else {
            int distance = Math.abs(minutes);
            json.raw(minutes < 0 ? '-' : '+').padded(distance / 60, 2);
            json.raw(':').padded(distance % 60, 2);
        }
    }

    /** Six decimals of a millisecond are nanoseconds; zeros at the end are mostly left out. */
    private void milliseconds(long nanos, Draws draws) {
        if (draws.oneIn(1_000)) {
            json.number(nanos).raw("e-6");
            return;
        }
        json.number(nanos / NANOS_OF_MILLI);
        long fraction = nanos % NANOS_OF_MILLI;
        int decimals = 6;
        while (decimals > 0 && fraction % 10 == 0 && (fraction != 0 || !draws.oneIn(20))) {
            fraction /= 10;
            decimals--;
        }
        if (decimals > 0) {
            json.raw('.').padded(fraction, decimals);
        }
    }
}
