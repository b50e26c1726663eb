package io.weir.view;

import io.weir.agent.Agents;
import io.weir.request.ReadRecord;
import io.weir.traffic.Grain;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The views of an operator that counts, at the hour of each request. Not for several threads. */
public final class CountingViews {

    /** Old requests can be of any hour. */
    private static final int MAX_HOURS = 1_000;

    private final Views views;
    private final Agents agents = new Agents();

    private final Map<Long, AtHour> known = new HashMap<>();
    private AtHour last = new AtHour(Long.MIN_VALUE, List.of(), agents);

    public CountingViews(Views views) {
        this.views = views;
    }

    /** Gives the request's key in each view that counts it. */
    public void forEachKey(ReadRecord request, Keys keys) {
        long hourMillis = Grain.HOUR.bucketOf(request.eventTimeMillis());
        if (hourMillis != last.hourMillis) {
            last = known(hourMillis);
        }
        if (!last.views.isEmpty()) {
            last.forEachKey(request, keys);
        }
    }

    /** What is counted in an hour never changes. */
    private AtHour known(long hourMillis) {
        if (known.size() >= MAX_HOURS) {
            known.clear();
        }
        return known.computeIfAbsent(hourMillis, hour -> new AtHour(hour, views.at(hour), agents));
    }

    /** What takes keys. */
    @FunctionalInterface
    public interface Keys {
        void accept(View view, ViewKey key);
    }

    private static final class AtHour {

        private final long hourMillis;
        private final List<View> views;
        private final RequestValues values;

        AtHour(long hourMillis, List<View> views, Agents agents) {
            this.hourMillis = hourMillis;
            this.views = views;
            this.values =
                    new RequestValues(
                            views.stream().flatMap(View::members).distinct().toList(), agents);
        }

        void forEachKey(ReadRecord request, Keys keys) {
            values.set(request);
            for (View view : views) {
                ViewKey key = view.keyOf(request.siteId(), values);
                if (key != null) {
                    keys.accept(view, key);
                }
            }
        }
    }
}
