package io.weir.election;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of the settings that a subtask knows: those of the table when it starts, so that
 * they are there before the first record, and all that were broadcast. Subtasks that learn of a
 * version at different times agree all the same, since it holds from a boundary that is still to
 * come.
 */
final class KnownSettings {

    static final MapStateDescriptor<Integer, ElectionSettings> BROADCAST =
            new MapStateDescriptor<>(
                    "election-settings", Types.INT, TypeInformation.of(ElectionSettings.class));

    private static final Logger LOG = LoggerFactory.getLogger(KnownSettings.class);

    private final Map<Integer, ElectionSettings> read = new HashMap<>();
    private @Nullable IOException failure;
    private @Nullable ElectionCalendar calendar;

    /** Reads the table. A job that was restored may go on without it. */
    KnownSettings(ElectionStore store) {
        try {
            for (ElectionSettings settings : store.readSettings()) {
                read.put(settings.version(), settings);
            }
        } catch (IOException e) {
            LOG.warn("The election's settings cannot be read: those of the checkpoint go on", e);
            failure = e;
        }
    }

    void add(ElectionSettings settings, BroadcastState<Integer, ElectionSettings> broadcast)
            throws Exception {
        broadcast.put(settings.version(), settings);
        calendar = null;
    }

    /**
     * By all versions that are known.
     *
     * @throws IOException when none is, because the table could not be read
     */
    ElectionCalendar calendar(ReadOnlyBroadcastState<Integer, ElectionSettings> broadcast)
            throws Exception {
        if (calendar == null) {
            Map<Integer, ElectionSettings> known = new HashMap<>(read);
            broadcast.immutableEntries().forEach(e -> known.put(e.getKey(), e.getValue()));
            if (known.isEmpty() && failure != null) {
                throw new IOException("no settings of the election are known", failure);
            }
            calendar = ElectionCalendar.of(known.values());
        }
        return calendar;
    }
}
