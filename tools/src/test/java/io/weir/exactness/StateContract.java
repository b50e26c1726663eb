package io.weir.exactness;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.CompositeTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.java.typeutils.runtime.PojoSerializerSnapshot;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyedBackendSerializationProxy;
import org.apache.flink.runtime.state.OperatorBackendSerializationProxy;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.CommonOptionsKeys;
import org.apache.flink.util.LinkedOptionalMap;

/**
 * What savepoints hold: the uid of each operator, and of its states the kind, the name and the
 * serializers with their versions. The list is made from savepoints of the job itself.
 */
final class StateContract {

    private static final ClassLoader LOADER = StateContract.class.getClassLoader();

    private final SortedMap<String, SortedSet<String>> states = new TreeMap<>();

    /** Adds what a savepoint holds, whose folder is of this machine. */
    void add(Path savepoint) throws Exception {
        try (InputStream file = Files.newInputStream(savepoint.resolve("_metadata"));
                DataInputStream metadata = new DataInputStream(file)) {
            for (OperatorState operator :
                    Checkpoints.loadCheckpointMetadata(metadata, LOADER, savepoint.toString())
                            .getOperatorStates()) {
                add(operator);
            }
        }
    }

    private void add(OperatorState operator) throws Exception {
        String uid = operator.getOperatorUid().orElseThrow();
        SortedSet<String> lines = states.computeIfAbsent(uid, any -> new TreeSet<>());
        for (OperatorSubtaskState subtask : operator.getStates()) {
            for (StreamStateHandle state : subtask.getManagedOperatorState()) {
                OperatorBackendSerializationProxy read =
                        new OperatorBackendSerializationProxy(LOADER);
                read(state, read::read);
                read.getOperatorStateMetaInfoSnapshots().forEach(each -> lines.add(list(each)));
                read.getBroadcastStateMetaInfoSnapshots()
                        .forEach(each -> lines.add(line("broadcast", each)));
            }
            for (var state : subtask.getManagedKeyedState()) {
                KeyedBackendSerializationProxy<Object> read =
                        new KeyedBackendSerializationProxy<>(LOADER);
                read((StreamStateHandle) state, read::read);
                lines.add("key: " + shown(read.getKeySerializerSnapshot()));
                read.getStateMetaInfoSnapshots().forEach(each -> lines.add(keyed(each)));
            }
        }
    }

    /** Reads what stands before the values. */
    private static void read(StreamStateHandle state, Reading reading) throws IOException {
        try (InputStream stream = state.openInputStream()) {
            reading.from(new DataInputViewStreamWrapper(stream));
        }
    }

    private interface Reading {
        void from(DataInputViewStreamWrapper stream) throws IOException;
    }

    private static String list(StateMetaInfoSnapshot state) {
        String mode = state.getOption(CommonOptionsKeys.OPERATOR_STATE_DISTRIBUTION_MODE);
        return line(mode.equals("SPLIT_DISTRIBUTE") ? "list" : mode + " list", state);
    }

    private static String keyed(StateMetaInfoSnapshot state) {
        String type = state.getOption(CommonOptionsKeys.KEYED_STATE_TYPE);
        return line("keyed " + (type == null ? state.getBackendStateType() : type), state);
    }

    private static String line(String kind, StateMetaInfoSnapshot state) {
        StringJoiner serializers = new StringJoiner(", ");
        new TreeMap<>(state.getSerializerSnapshotsImmutable())
                .forEach((role, snapshot) -> serializers.add(shown(snapshot)));
        return "%s %s: %s".formatted(kind.toLowerCase(Locale.ROOT), state.getName(), serializers);
    }

    private static String shown(TypeSerializerSnapshot<?> snapshot) {
        StringJoiner nested = new StringJoiner(", ", "(", ")").setEmptyValue("");
        if (snapshot instanceof CompositeTypeSerializerSnapshot<?, ?> composite) {
            for (TypeSerializerSnapshot<?> each : composite.getNestedSerializerSnapshots()) {
                nested.add(shown(each));
            }
        }
        String type = "";
        if (snapshot instanceof PojoSerializerSnapshot<?> pojo) {
            type = fields(pojo, (name, each) -> nested.add(name + " " + shown(each)));
        }
        String serializer =
                snapshot.getClass()
                        .getName()
                        .replaceFirst("^.*[.$]", "")
                        .replaceFirst("Snapshot$", "");
        return "%s%s %d%s"
                .formatted(
                        type.isEmpty() ? "" : type + " by ",
                        serializer,
                        snapshot.getCurrentVersion(),
                        nested);
    }

    /** Flink keeps to itself what a snapshot of a POJO says. */
    private static String fields(
            PojoSerializerSnapshot<?> pojo, BiConsumer<String, TypeSerializerSnapshot<?>> field) {
        try {
            Field data = PojoSerializerSnapshot.class.getDeclaredField("snapshotData");
            data.setAccessible(true);
            Method fields = data.getType().getDeclaredMethod("getFieldSerializerSnapshots");
            fields.setAccessible(true);
            Method type = data.getType().getDeclaredMethod("getPojoClass");
            type.setAccessible(true);
            SortedMap<String, TypeSerializerSnapshot<?>> sorted = new TreeMap<>();
            ((LinkedOptionalMap<?, ?>) fields.invoke(data.get(pojo)))
                    .forEach(
                            (name, any, snapshot) ->
                                    sorted.put(
                                            name.replaceFirst("^.*#", ""),
                                            (TypeSerializerSnapshot<?>) snapshot));
            sorted.forEach(field);
            return ((Class<?>) type.invoke(data.get(pojo))).getName();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Flink has changed its snapshots of POJOs", e);
        }
    }

    /** A line for each operator, and below it one for each of its states. */
    List<String> lines() {
        return states.entrySet().stream()
                .flatMap(
                        operator ->
                                Stream.concat(
                                        Stream.of(operator.getKey()),
                                        operator.getValue().stream().map(state -> "  " + state)))
                .toList();
    }
}
