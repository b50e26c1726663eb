package io.weir.election;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.function.BiConsumerWithException;
import org.apache.flink.util.function.CheckedSupplier;
import org.apache.flink.util.function.FunctionWithException;
import org.apache.flink.util.function.ThrowingConsumer;
import org.jspecify.annotations.Nullable;

/** Keyed state as the map that plain rules take; it reads and writes the current key's at once. */
@SuppressWarnings("unchecked") // a map may be asked for any object
final class StateMap<K, V> extends AbstractMap<K, V> {

    private final MapState<K, V> state;

    private StateMap(MapState<K, V> state) {
        this.state = state;
    }

    static <K, V> StateMap<K, V> of(
            RuntimeContext context,
            String name,
            TypeInformation<K> keys,
            TypeInformation<V> values) {
        return new StateMap<>(context.getMapState(new MapStateDescriptor<>(name, keys, values)));
    }

    /** Removes keys. A state that is empty then is cleared, or it would keep an empty map. */
    void removeKeysIf(Predicate<K> condition) {
        keySet().removeIf(condition);
        if (isEmpty()) {
            clear();
        }
    }

    @Override
    public @Nullable V get(Object key) {
        return FunctionWithException.unchecked(state::get).apply((K) key);
    }

    @Override
    public boolean containsKey(Object key) {
        return get(key) != null;
    }

    @Override
    public @Nullable V put(K key, V value) {
        V before = get(key);
        BiConsumerWithException.unchecked(state::put).accept(key, value);
        return before;
    }

    @Override
    public @Nullable V remove(Object key) {
        V before = get(key);
        ThrowingConsumer.unchecked(state::remove).accept((K) key);
        return before;
    }

    @Override
    public boolean isEmpty() {
        return !entrySet().iterator().hasNext();
    }

    @Override
    public void clear() {
        state.clear();
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<K, V>> iterator() {
                return CheckedSupplier.unchecked(state::iterator).get();
            }

            @Override
            public int size() {
                int size = 0;
                for (Object ignored : this) {
                    size++;
                }
                return size;
            }
        };
    }
}
