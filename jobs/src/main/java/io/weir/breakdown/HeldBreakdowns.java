package io.weir.breakdown;

import io.weir.request.HttpRequest;
import io.weir.request.MeasuredRequest;
import io.weir.request.ReadRecord;
import io.weir.traffic.Grain;
import io.weir.view.CountingViews;
import io.weir.view.ViewKey;
import io.weir.window.Held;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Requests that an operator adds up by site, hour and view's key before they cross the network.
 *
 * <p>It also emits everything when too many keys are held. A partial's timestamp is its hour's
 * start.
 */
public final class HeldBreakdowns extends Held {

    /** The output of operators that hold breakdowns. */
    public static final OutputTag<BreakdownPartial> TAG = new OutputTag<>("breakdowns") {};

    private final int maxKeys;
    private final Consumer<StreamRecord<BreakdownPartial>> output;

    private final Map<Key, Map<ViewKey, Counts>> held = new HashMap<>();
    private int heldKeys;

    /**
     * @param maxKeys how many keys are held at most
     */
    public HeldBreakdowns(int maxKeys, Consumer<StreamRecord<BreakdownPartial>> output) {
        this.maxKeys = maxKeys;
        this.output = output;
    }

    /** A request that is counted under the keys that the views give it. */
    public void add(ReadRecord request, CountingViews views) {
        views.forEachKey(request, (view, key) -> add(request, view.id(), view.topEntries(), key));
        limit();
    }

    /** A request that brings its keys; see {@link RequestKeys}. */
    public void add(HttpRequest request) {
        RequestKeys.forEach(request.viewKeys(), (view, top, key) -> add(request, view, top, key));
        limit();
    }

    private void add(MeasuredRequest request, int viewId, int topEntries, ViewKey key) {
        long hour = Grain.HOUR.bucketOf(request.eventTimeMillis());
        held.computeIfAbsent(
                        new Key(request.siteId(), viewId, hour, topEntries),
                        first -> new HashMap<>())
                .computeIfAbsent(
                        key,
                        first -> {
                            heldKeys++;
                            return new Counts();
                        })
                .add(request);
    }

    private void limit() {
        if (heldKeys >= maxKeys) {
            emitAll();
        }
    }

    @Override
    protected void emitAll() {
        held.forEach(this::emit);
        held.clear();
        heldKeys = 0;
    }

    @Override
    protected void emitEndedBy(long watermarkMillis) {
        Iterator<Map.Entry<Key, Map<ViewKey, Counts>>> entries = held.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<Key, Map<ViewKey, Counts>> entry = entries.next();
            if (Grain.HOUR.endOf(entry.getKey().hourMillis) <= watermarkMillis) {
                emit(entry.getKey(), entry.getValue());
                heldKeys -= entry.getValue().size();
                entries.remove();
            }
        }
    }

    private void emit(Key key, Map<ViewKey, Counts> byKey) {
        output.accept(
                new StreamRecord<>(
                        new BreakdownPartial(
                                key.siteId, key.viewId, key.hourMillis, key.topEntries, byKey),
                        key.hourMillis));
    }

    private record Key(int siteId, int viewId, long hourMillis, int topEntries) {}
}
