package io.weir.tools.letters;

/** Which record of Kafka: what identifies a letter is the position of the record it was. */
public record RecordPosition(String topic, int partition, long offset) {

    /** {@code http_requests-3-5000}. */
    @Override
    public String toString() {
        return topic + "-" + partition + "-" + offset;
    }
}
