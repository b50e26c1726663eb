package io.weir.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.weir.request.HttpRequest;
import io.weir.sketch.VisitorHash;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A valid request.
 *
 * @param responseTimeMillis null where it was not timed
 * @param id its {@code request_id}, which its copies share; null where it has none
 */
record SentRequest(
        int siteId,
        long eventTimeMillis,
        int statusCode,
        String address,
        @Nullable Integer responseTimeMillis,
        int bytesSent,
        String country,
        @Nullable String id) {

    private static final JsonFactory JSON = new JsonFactory();
    private static final long MICROS_A_MILLI = 1_000;

    SentRequest at(long otherEventTimeMillis) {
        return new SentRequest(
                siteId,
                otherEventTimeMillis,
                statusCode,
                address,
                responseTimeMillis,
                bytesSent,
                country,
                id);
    }

    /** As an event of the topic. */
    byte[] json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("site_id", siteId);
            json.writeNumberField("event_time", eventTimeMillis);
            json.writeNumberField("status_code", statusCode);
            json.writeStringField("ip_address", address);
            if (responseTimeMillis != null) {
                json.writeNumberField("response_time_msec", responseTimeMillis);
            }
            json.writeNumberField("bytes_sent", bytesSent);
            json.writeStringField("request_country", country);
            if (id != null) {
                json.writeStringField("request_id", id);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().getBytes(UTF_8);
    }

    /** What it counts, made without the decoder. */
    HttpRequest counted() {
        return new HttpRequest(
                siteId,
                eventTimeMillis,
                statusCode,
                VisitorHash.hashText(address),
                responseTimeMillis == null
                        ? HttpRequest.NOT_TIMED
                        : responseTimeMillis * MICROS_A_MILLI,
                bytesSent,
                country);
    }
}
