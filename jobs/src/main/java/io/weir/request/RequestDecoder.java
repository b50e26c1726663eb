package io.weir.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import org.apache.flink.util.TimeUtils;
import org.jspecify.annotations.Nullable;

/**
 * Makes a request of a Kafka record, or says why it is none.
 *
 * <p>A record is one JSON object in UTF-8, of at most {@link #MAX_BYTES} bytes. The fields and what
 * each may hold are those of {@link RequestField}; all others are skipped, whatever they hold. A
 * field that is null is absent, the last of two equal fields counts, and an empty ip_address,
 * request_id or request_country is an absent one.
 *
 * <p>The same record always has the same outcome. What is wrong is looked for in this order, and
 * the first finding is the rejection: the size, the JSON, each field in the order of {@link
 * RequestField}, and last the event time against the record's own timestamp. The wall clock is
 * never asked: a replay must decide the same.
 *
 * <p>Not for several threads: it keeps its scratch space from record to record.
 */
public final class RequestDecoder implements Serializable {
    /** A larger record is rejected unread. */
    public static final int MAX_BYTES = 1 << 20;

    private static final long serialVersionUID = 1L;
    static final int MAX_IP_ADDRESS_BYTES = 255;
    private static final int MAX_HOST_BYTES = 255;
    private static final int MAX_REQUEST_ID_BYTES = 200;
    private static final long MAX_RESPONSE_TIME_MICROS = 86_400_000_000L;
    private static final long MAX_BYTES_SENT = 1L << 40;

    private final Duration maxAhead;
    private final @Nullable Duration maxAge;
    private final @Nullable RequestIdentity identity;
    private final KnownHosts hosts;
    private final @Nullable ClientCountries countries;
    private final transient long maxAheadMillis;
    private final transient long maxAgeMillis;
    private final transient RequestFields fields;

    /**
     * @param maxAhead how far an event time may lie after the record's timestamp
     * @param maxAge how far it may lie before that timestamp; null for any distance
     * @param identity what requests are told apart by; null where none gets an identity
     * @param hosts the sites of requests that name a host instead
     * @param countries of clients, for requests that do not say theirs; null where they stay
     *     unknown
     */
    public RequestDecoder(
            Duration maxAhead,
            @Nullable Duration maxAge,
            @Nullable RequestIdentity identity,
            KnownHosts hosts,
            @Nullable ClientCountries countries) {
        this(maxAhead, maxAge, identity, hosts, countries, new RequestFields());
    }

    /** Knows neither hosts nor countries. */
    public RequestDecoder(
            Duration maxAhead, @Nullable Duration maxAge, @Nullable RequestIdentity identity) {
        this(maxAhead, maxAge, identity, KnownHosts.none(), null);
    }

    /** The same, and gives no request an identity. */
    public RequestDecoder(Duration maxAhead, @Nullable Duration maxAge) {
        this(maxAhead, maxAge, new RequestFields());
    }

    /** With another reader of JSON. */
    RequestDecoder(Duration maxAhead, @Nullable Duration maxAge, RequestFields fields) {
        this(maxAhead, maxAge, null, KnownHosts.none(), null, fields);
    }

    private RequestDecoder(
            Duration maxAhead,
            @Nullable Duration maxAge,
            @Nullable RequestIdentity identity,
            KnownHosts hosts,
            @Nullable ClientCountries countries,
            RequestFields fields) {
        this.identity = identity;
        this.hosts = hosts;
        this.countries = countries;
        this.maxAhead = notNegative("maxAhead", maxAhead);
        this.maxAge = maxAge == null ? null : notNegative("maxAge", maxAge);
        this.maxAheadMillis = maxAhead.toMillis();
        this.maxAgeMillis = maxAge == null ? Long.MAX_VALUE : maxAge.toMillis();
        this.fields = fields;
    }

    /** Decodes a record, which stays as it is. */
    public DecodedRecord decode(KafkaRecord record) {
        ReadRecord read = new ReadRecord();
        read.set(record);
        decode(read);
        return new DecodedRecord(
                record, read.isRequest() ? read.toRequest() : null, read.rejection);
    }

    /** Decodes the record that was read. */
    public void decode(ReadRecord record) {
        try {
            readRequest(record);
            record.rejection = null;
        } catch (RejectedException e) {
            record.rejection = e.rejection();
        }
    }

    private void readRequest(ReadRecord record) throws RejectedException {
        byte[] value = record.value();
        if (value.length > MAX_BYTES) {
            throw new RejectedException(
                    RejectReason.TOO_LARGE,
                    "the record has " + value.length + " bytes: expected at most " + MAX_BYTES);
        }
        if (value.length == 0) {
            throw RejectedException.notJson("the record is empty");
        }
        fields.read(value);
        record.siteId = siteId(record);
        record.eventTimeMillis = eventTimeMillis();
        record.statusCode = (int) integer(RequestField.STATUS_CODE, 100, 599);
        readVisitor(record);
        record.responseTimeMicros = responseTimeMicros();
        record.bytesSent =
                fields.isAbsent(RequestField.BYTES_SENT)
                        ? 0
                        : integer(RequestField.BYTES_SENT, 0, MAX_BYTES_SENT);
        record.country = country(record);
        readIdentity(record);
        if (!fields.isAbsent(RequestField.URL)) {
            requireText(RequestField.URL);
        }
        checkDistance(record.eventTimeMillis, record.timestampMillis());
    }

    private int siteId(ReadRecord record) throws RejectedException {
        FieldText host = fields.isAbsent(RequestField.SITE_ID) ? hostText() : null;
        return host == null
                ? (int) integer(RequestField.SITE_ID, 0, Integer.MAX_VALUE)
                : siteOf(new String(host.bytes(), host.from(), host.length(), UTF_8), record);
    }

    private @Nullable FieldText hostText() throws RejectedException {
        FieldText host = optionalText(RequestField.HOST, MAX_HOST_BYTES);
        return host == null || host.length() == 0 ? null : host;
    }

    private int siteOf(String host, ReadRecord record) throws RejectedException {
        long atMillis = Arrival.millisOf(record);
        int site = hosts.siteOf(host, atMillis);
        if (site == KnownHosts.NO_SITE) {
            throw new RejectedException(
                    RejectReason.UNKNOWN_HOST,
                    "host is %s: it belongs to no site for requests that arrived at %s"
                            .formatted(shown(RequestField.HOST), Instant.ofEpochMilli(atMillis)));
        }
        return site;
    }

    private void readIdentity(ReadRecord record) throws RejectedException {
        FieldText requestId = optionalText(RequestField.REQUEST_ID, MAX_REQUEST_ID_BYTES);
        RequestIdentity.Id id =
                identity == null ? null : identity.of(record.siteId, requestId, record.headers());
        record.idHigh = id == null ? 0 : id.high();
        record.idLow = id == null ? 0 : id.low();
    }

    private long integer(RequestField field, long min, long max) throws RejectedException {
        if (fields.type(field) != JsonType.INTEGER) {
            throw missingOrWrongType(field);
        }
        long number = JsonNumber.integer(fields.bytes(), fields.start(field), fields.end(field));
        if (number < min || number > max) {
            throw outOfRange(field);
        }
        return number;
    }

    private RequestField eventTimeField() {
        return fields.isAbsent(RequestField.EVENT_TIME)
                        && !fields.isAbsent(RequestField.INGEST_TIME)
                ? RequestField.INGEST_TIME
                : RequestField.EVENT_TIME;
    }

    private long eventTimeMillis() throws RejectedException {
        RequestField field = eventTimeField();
        if (fields.type(field) != JsonType.STRING) {
            return integer(field, 0, Rfc3339.LAST_MILLIS);
        }
        FieldText text = fields.text(field);
        long millis = Rfc3339.millis(text.bytes(), text.from(), text.to());
        if (millis == Rfc3339.NOT_A_TIME) {
            throw missingOrWrongType(field);
        }
        if (millis == Rfc3339.OUT_OF_RANGE) {
            throw outOfRange(field);
        }
        return millis;
    }

    private void readVisitor(ReadRecord record) throws RejectedException {
        FieldText address = optionalText(RequestField.IP_ADDRESS, MAX_IP_ADDRESS_BYTES);
        record.hasVisitor = false;
        if (address != null && address.length() > 0) {
            record.hasVisitor = true;
            record.visitorHash = HiddenAddresses.hashOf(address, record.headers());
        }
    }

    private long responseTimeMicros() throws RejectedException {
        RequestField field = RequestField.RESPONSE_TIME_MSEC;
        if (fields.isAbsent(field)) {
            return MeasuredRequest.NOT_TIMED;
        }
        if (fields.type(field) != JsonType.INTEGER && fields.type(field) != JsonType.DECIMAL) {
            throw missingOrWrongType(field);
        }
        long micros =
                JsonNumber.thousandfold(
                        fields.bytes(),
                        fields.start(field),
                        fields.end(field),
                        MAX_RESPONSE_TIME_MICROS);
        if (micros == JsonNumber.OUT_OF_RANGE) {
            throw outOfRange(field);
        }
        return micros;
    }

    private String country(ReadRecord record) throws RejectedException {
        FieldText code = optionalText(RequestField.REQUEST_COUNTRY, MAX_BYTES);
        return code == null || code.length() == 0
                ? countryOfClient(record)
                : Countries.codeOf(code.bytes(), code.from(), code.to());
    }

    private String countryOfClient(ReadRecord record) {
        if (!record.hasVisitor) {
            return Countries.UNKNOWN;
        }
        FieldText address = fields.text(RequestField.IP_ADDRESS);
        if (HiddenAddresses.isHidden(address, record.headers())) {
            byte[] known = KafkaHeader.last(record.headers(), LetterHeader.COUNTRY);
            return known == null ? Countries.UNKNOWN : Countries.codeOf(known, 0, known.length);
        }
        return countries == null
                ? Countries.UNKNOWN
                : countries.countryOf(address, record.visitorHash);
    }

    /** The text of a field, null where it is absent. */
    private @Nullable FieldText optionalText(RequestField field, int maxBytes)
            throws RejectedException {
        if (fields.isAbsent(field)) {
            return null;
        }
        requireText(field);
        FieldText text = fields.text(field);
        if (text.length() > maxBytes) {
            throw new RejectedException(
                    RejectReason.OUT_OF_RANGE,
                    field.fieldName()
                            + " has "
                            + text.length()
                            + " bytes: expected "
                            + field.accepted());
        }
        return text;
    }

    private void requireText(RequestField field) throws RejectedException {
        if (fields.type(field) != JsonType.STRING) {
            throw missingOrWrongType(field);
        }
    }

    private void checkDistance(long eventTimeMillis, long timestampMillis)
            throws RejectedException {
        long ahead = eventTimeMillis - timestampMillis;
        if (ahead > maxAheadMillis) {
            throw new RejectedException(
                    RejectReason.TOO_FAR_AHEAD,
                    compared(
                            eventTimeMillis, "after", timestampMillis, "ahead of", maxAheadMillis));
        }
        if (-ahead > maxAgeMillis) {
            throw new RejectedException(
                    RejectReason.TOO_OLD,
                    compared(eventTimeMillis, "before", timestampMillis, "behind", maxAgeMillis));
        }
    }

    private String compared(
            long eventTimeMillis, String order, long timestampMillis, String side, long limit) {
        return String.format(
                "%s is %s, %s the record's own timestamp %s: expected at most %s %s it",
                eventTimeField().fieldName(),
                Instant.ofEpochMilli(eventTimeMillis),
                order,
                Instant.ofEpochMilli(timestampMillis),
                TimeUtils.formatWithHighestUnit(Duration.ofMillis(limit)),
                side);
    }

    private RejectedException missingOrWrongType(RequestField field) {
        if (fields.isAbsent(field)) {
            return new RejectedException(
                    RejectReason.MISSING_FIELD,
                    field.fieldName()
                            + " is missing: expected "
                            + field.accepted()
                            + (field == RequestField.SITE_ID ? ", or a host" : ""));
        }
        return new RejectedException(RejectReason.WRONG_TYPE, isNot(field));
    }

    private RejectedException outOfRange(RequestField field) {
        return new RejectedException(RejectReason.OUT_OF_RANGE, isNot(field));
    }

    private String isNot(RequestField field) {
        return field.fieldName() + " is " + shown(field) + ": expected " + field.accepted();
    }

    /** The value for a message; never an ip_address or a container, which may hold anything. */
    private String shown(RequestField field) {
        JsonType type = fields.type(field);
        if (field == RequestField.IP_ADDRESS || type == JsonType.OBJECT || type == JsonType.ARRAY) {
            return type.description();
        }
        String shown = ShownText.of(fields.bytes(), fields.start(field), fields.end(field));
        return type == JsonType.STRING ? '"' + shown + '"' : shown;
    }

    private static Duration notNegative(String name, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(name + " is negative: " + duration);
        }
        return duration;
    }

    /** A deserialized instance needs its transient fields. */
    private Object readResolve() {
        return new RequestDecoder(maxAhead, maxAge, identity, hosts, countries);
    }
}
