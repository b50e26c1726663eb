package io.weir.intake;

import io.weir.request.HttpRequest;
import io.weir.request.ReadRecord;
import java.time.Duration;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Sends the requests that are on time to whoever looks for duplicates. */
public final class RouteToDeduplicate extends RouteRequests<HttpRequest> {

    private static final long serialVersionUID = 1;

    /**
     * @param settle how long after its end the windows keep a minute
     * @param topic where the records come from
     */
    public RouteToDeduplicate(Lateness lateness, Duration settle, String topic) {
        super(lateness, settle, topic, false);
    }

    @Override
    void sendOn(StreamRecord<ReadRecord> element) {
        output.collect(element.replace(element.getValue().toRequest()));
    }
}
