package io.weir.request;

/**
 * The headers that Weir gives to letters, all text. They come after the record's own headers, and
 * {@link #TOPIC} is the first that every letter has: a header of the same name before it is the
 * record's own.
 */
public final class LetterHeader {

    /** How the names begin. */
    public static final String PREFIX = "weir.";

    /**
     * With {@link #PARTITION} and {@link #OFFSET}: which record it was; a letter may come twice.
     */
    public static final String TOPIC = "weir.topic";

    public static final String PARTITION = "weir.partition";
    public static final String OFFSET = "weir.offset";

    /** The record's timestamp, epoch milliseconds; -1 if it had none. */
    public static final String TIMESTAMP = "weir.timestamp";

    /** How many of the record's own headers had no room in 64 KiB; only then, before the topic. */
    public static final String HEADERS_LEFT_OUT = "weir.headers-left-out";

    /** Bytes of the whole value, if it was larger than 1 MiB and only its first 64 KiB are kept. */
    public static final String LENGTH = "weir.length";

    /** SHA-256 of the whole value in hexadecimal digits, beside {@link #LENGTH}. */
    public static final String SHA256 = "weir.sha256";

    /** The code of the reason; a late request has none. */
    public static final String REASON = "weir.reason";

    /** What is wrong with the record, beside {@link #REASON}. */
    public static final String MESSAGE = "weir.message";

    /** Only with letters.hide-addresses: the letter has no addresses; {@link HiddenAddresses}. */
    public static final String ADDRESSES_HIDDEN = HiddenAddresses.HEADER;

    /** The country that a late request was counted for, beside {@link #ADDRESSES_HIDDEN}. */
    public static final String COUNTRY = "weir.country";

    /**
     * When the letter was replayed, epoch milliseconds. It makes a record in the topic of rejected
     * records a mark, which is no letter but says that the letter of this record was replayed.
     */
    public static final String REPLAYED = "weir.replayed";

    /** On a replayed record: topic, partition and offset of the record that was rejected. */
    public static final String REPLAYED_FROM = "weir.replayed-from";

    /**
     * On a replayed record: when it was replayed, epoch milliseconds. By that its host is resolved,
     * and not by the record's timestamp, which is the old one.
     */
    public static final String HOSTS_AS_OF = "weir.hosts-as-of";

    /** On a replayed record: how often it has been replayed, from 1. */
    public static final String REPLAYS = "weir.replays";

    private LetterHeader() {}
}
