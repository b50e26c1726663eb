package io.weir.request;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What tells a request's copies from other requests, as 128 bits: its site and {@code request_id};
 * without one, for a record that is a letter, the record that the letter was made of.
 *
 * <p>The hash is SipHash-2-4 with 128 bits of output, so with a secret key nobody can make two ids
 * that are taken for one. Without a key it is that of the key 0.
 */
public final class RequestIdentity implements Serializable {

    /** Bytes of a key. */
    public static final int KEY_BYTES = 16;

    private static final long serialVersionUID = 1;

    /** What the hash of a letter begins with; that of a request begins with its site. */
    private static final long LETTER = 0;

    /** So that no request's hash begins like a letter's. */
    private static final long SITE_0 = -1;

    private final @Nullable HashKey key;
    private final boolean isByRequestId;
    private transient @Nullable SipHash128 hash;

    /**
     * @param key null for none
     * @param isByRequestId whether {@code request_id} counts; if not, only letters have an identity
     */
    public RequestIdentity(@Nullable HashKey key, boolean isByRequestId) {
        this.key = key;
        this.isByRequestId = isByRequestId;
    }

    /** The 128 bits, or null for a request that has no identity. */
    @Nullable Id of(int siteId, @Nullable FieldText requestId, List<KafkaHeader> headers) {
        if (isByRequestId && requestId != null && requestId.length() > 0) {
            long site = siteId == 0 ? SITE_0 : siteId;
            return hash().of(site, requestId.bytes(), requestId.from(), requestId.length());
        }
        byte[] origin = originOf(headers);
        return origin == null ? null : hash().of(LETTER, origin, 0, origin.length);
    }

    /** Made where it is first needed: a key does not travel with the job. */
    private SipHash128 hash() {
        SipHash128 made = hash;
        if (made == null) {
            made = key == null ? new SipHash128(new byte[KEY_BYTES]) : key.hash();
            hash = made;
        }
        return made;
    }

    /** Topic, partition and offset, with a character between them that no topic's name has. */
    private static byte @Nullable [] originOf(List<KafkaHeader> headers) {
        byte[] topic = KafkaHeader.last(headers, LetterHeader.TOPIC);
        byte[] partition = KafkaHeader.last(headers, LetterHeader.PARTITION);
        byte[] offset = KafkaHeader.last(headers, LetterHeader.OFFSET);
        if (topic == null || partition == null || offset == null) {
            return null;
        }
        byte[] origin = new byte[topic.length + partition.length + offset.length + 2];
        Arrays.fill(origin, (byte) '/');
        System.arraycopy(topic, 0, origin, 0, topic.length);
        System.arraycopy(partition, 0, origin, topic.length + 1, partition.length);
        System.arraycopy(offset, 0, origin, origin.length - offset.length, offset.length);
        return origin;
    }

    /** 128 bits in two halves. */
    record Id(long high, long low) {}
}
