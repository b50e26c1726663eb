package io.weir.election;

import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settle time that elections go by: the longest that a job with this state was set to.
 *
 * <p>Both steps have timers in their state that an earlier job set by its settle time. Were it
 * shortened, an election would be held before the candidates whose timers are still to come. So a
 * shorter one holds from the next start without state.
 */
final class LongestSettle {

    private static final Logger LOG = LoggerFactory.getLogger(LongestSettle.class);

    private final ListState<Long> state;
    private final long millis;

    private LongestSettle(ListState<Long> state, long millis) {
        this.state = state;
        this.millis = millis;
    }

    static LongestSettle of(Duration configured, FunctionInitializationContext context)
            throws Exception {
        ListState<Long> state =
                context.getOperatorStateStore()
                        .getUnionListState(
                                new ListStateDescriptor<>("election-settle", Types.LONG));
        long millis = configured.toMillis();
        for (long restored : state.get()) {
            millis = Math.max(millis, restored);
        }
        if (millis > configured.toMillis()) {
            LOG.warn(
                    "Elections go on waiting {} for their minutes, not {}: a shorter time holds from"
                            + " a start without state",
                    Duration.ofMillis(millis),
                    configured);
        }
        return new LongestSettle(state, millis);
    }

    long millis() {
        return millis;
    }

    void snapshot() throws Exception {
        state.update(List.of(millis));
    }
}
