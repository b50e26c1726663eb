package io.weir.tools.requests;

import io.weir.filter.Filter;
import io.weir.request.HttpRequest;
import io.weir.request.KafkaRecord;
import io.weir.request.RequestDecoder;
import io.weir.tools.recount.LatenessRule;
import io.weir.tools.recount.PartitionReader;
import io.weir.tools.recount.RawTopic;
import io.weir.tools.recount.Section;
import io.weir.tools.recount.TimeRange;
import io.weir.tools.recount.TopicOffsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Looks for requests in the job's topic.
 *
 * <p>Of each partition it reads from the first record dated max-ahead before the range, as no
 * earlier one can be a request of it, up to where the partition's clock has closed the last minute
 * of the range: whatever follows is late. So it finds what the job counts of the range, and what of
 * that was sent more than once.
 *
 * @param range of event time
 * @param site the only one, null for all
 * @param filter what requests must match, null for all
 * @param limit how many are shown
 */
public record RequestSearch(
        TimeRange range,
        @Nullable Integer site,
        @Nullable Filter filter,
        int limit,
        boolean showsAddresses) {

    /**
     * What was read.
     *
     * @param records how many
     * @param incompleteUntil retention may have deleted requests of the range from before then;
     *     null where it has deleted none
     */
    public record Result(
            FoundRequests found, long records, int partitions, @Nullable Instant incompleteUntil) {}

    /**
     * Reads the topic.
     *
     * @throws io.weir.tools.connect.CommandException when Kafka does not deliver
     */
    public Result in(
            RawTopic topic, RequestDecoder decoder, LatenessRule lateness, Duration maxAhead) {
        FoundRequests found = new FoundRequests(limit);
        try (TopicOffsets offsets = new TopicOffsets(topic, maxAhead);
                PartitionReader reader = new PartitionReader(topic.consumer(), decoder, lateness)) {
            List<Section> sections = offsets.sections(range);
            for (Section section : sections) {
                long unused =
                        reader.read(
                                section,
                                range.toMillis(),
                                (record, request) -> add(record, request, found));
            }
            return new Result(
                    found, reader.records(), sections.size(), offsets.incompleteUntil(range));
        } catch (KafkaException e) {
            throw topic.failure(e);
        }
    }

    private void add(KafkaRecord record, HttpRequest request, FoundRequests found) {
        if (!range.contains(request.eventTimeMillis())
                || site != null && site != request.siteId()) {
            return;
        }
        RawRequest raw = RawRequest.of(record, request, showsAddresses);
        if (filter == null || filter.matches(raw)) {
            found.add(raw);
        }
    }
}
