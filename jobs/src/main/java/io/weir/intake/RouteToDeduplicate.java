package io.weir.intake;

import io.weir.breakdown.RequestKeys;
import io.weir.request.HttpRequest;
import io.weir.request.ReadRecord;
import io.weir.view.CountingViews;
import io.weir.view.Views;
import java.time.Duration;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Sends the requests that are on time to whoever looks for duplicates. */
@SuppressWarnings("NullAway.Init") // Flink calls open before anything else
public final class RouteToDeduplicate extends RouteRequests<HttpRequest> {

    private static final long serialVersionUID = 1;

    private final Views views;

    private transient CountingViews counting;

    /**
     * @param settle how long after its end the windows keep a minute
     * @param topic where the records come from
     */
    public RouteToDeduplicate(Lateness lateness, Duration settle, String topic, Views views) {
        super(lateness, settle, topic, false);
        this.views = views;
    }

    @Override
    public void open() throws Exception {
        super.open();
        counting = new CountingViews(views);
    }

    @Override
    void sendOn(StreamRecord<ReadRecord> element) {
        ReadRecord record = element.getValue();
        output.collect(
                element.replace(record.toRequest().countedUnder(RequestKeys.of(record, counting))));
    }
}
