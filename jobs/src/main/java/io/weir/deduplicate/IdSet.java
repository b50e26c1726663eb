package io.weir.deduplicate;

import io.weir.serialize.VariableLength;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInfo;

/**
 * A set of 128-bit ids that only grows: 20 to 24 bytes each in memory, 16 when serialised.
 *
 * <p>An open hash table with linear probing, filled to between two thirds and four fifths. The low
 * half of an id, which is a hash already, says where it belongs. An id never stands further from
 * there than the one behind it would in its place (Robin Hood hashing, Celis 1986): most lookups
 * find nothing, and end after 2.4 to 3.5 slots instead of 5 to 14. Not thread-safe.
 */
@TypeInfo(IdSetSerializer.Types.class)
public final class IdSet {

    /** Format of the serialised form: this byte, the number of ids, and their halves. */
    static final byte FORMAT = 1;

    private static final long[] NO_SLOTS = {};
    private static final int FIRST_CAPACITY = 4;

    /** Two a slot, the high half first; both are 0 where the slot is free. */
    private long[] slots = NO_SLOTS;

    private int size;
    private boolean hasChanged;

    /** Adds an id whose halves are not both 0; returns whether it was not in the set. */
    boolean add(long high, long low) {
        if ((size + 1) * 5 > capacity() * 4) {
            grow();
        }
        if (!insert(high, low)) {
            return false;
        }
        size++;
        hasChanged = true;
        return true;
    }

    boolean contains(long high, long low) {
        if (size == 0) {
            return false;
        }
        int slot = slotOf(low);
        for (int distance = 0; !isFree(slot); distance += 2) {
            if (slots[slot] == high && slots[slot + 1] == low) {
                return true;
            }
            if (distanceAt(slot) < distance) {
                return false;
            }
            slot = next(slot);
        }
        return false;
    }

    int size() {
        return size;
    }

    /** Whether ids were added since it was made, read or stored. */
    boolean hasChanged() {
        return hasChanged;
    }

    IdSet stored() {
        hasChanged = false;
        return this;
    }

    IdSet copy() {
        IdSet copy = new IdSet();
        copy.slots = slots.clone();
        copy.size = size;
        return copy;
    }

    void write(DataOutput out) throws IOException {
        out.writeByte(FORMAT);
        VariableLength.write(size, out);
        for (int slot = 0; slot < slots.length; slot += 2) {
            if (!isFree(slot)) {
                out.writeLong(slots[slot]);
                out.writeLong(slots[slot + 1]);
            }
        }
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @throws IOException when the format is unknown
     */
    static IdSet read(DataInput in) throws IOException {
        byte format = in.readByte();
        if (format != FORMAT) {
            throw new IOException(
                    "ids of format "
                            + format
                            + " cannot be read: the state was written by a newer version, or is"
                            + " damaged");
        }
        IdSet ids = new IdSet();
        ids.size = Math.toIntExact(VariableLength.read(in));
        ids.slots = new long[2 * capacityFor(ids.size)];
        for (int i = 0; i < ids.size; i++) {
            ids.insert(in.readLong(), in.readLong());
        }
        return ids;
    }

    private static int capacityFor(int size) {
        return size == 0 ? 0 : Math.max(FIRST_CAPACITY, (int) (size * 1.4));
    }

    private int capacity() {
        return slots.length / 2;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[2 * Math.max(FIRST_CAPACITY, (int) (capacity() * 1.2) + 1)];
        for (int slot = 0; slot < old.length; slot += 2) {
            if ((old[slot] | old[slot + 1]) != 0) {
                insert(old[slot], old[slot + 1]);
            }
        }
    }

    private boolean insert(long high, long low) {
        int slot = slotOf(low);
        for (int distance = 0; !isFree(slot); distance += 2) {
            if (slots[slot] == high && slots[slot + 1] == low) {
                return false;
            }
            if (distanceAt(slot) < distance) {
                makeRoom(slot);
                break;
            }
            slot = next(slot);
        }
        slots[slot] = high;
        slots[slot + 1] = low;
        return true;
    }

    /** Moves the ids from a slot on by one slot each, up to the first that is free. */
    private void makeRoom(int slot) {
        int free = slot;
        while (!isFree(free)) {
            free = next(free);
        }
        while (free != slot) {
            int before = previous(free);
            slots[free] = slots[before];
            slots[free + 1] = slots[before + 1];
            free = before;
        }
    }

    private boolean isFree(int slot) {
        return (slots[slot] | slots[slot + 1]) == 0;
    }

    /** How far the id in a slot is from where it belongs. */
    private int distanceAt(int slot) {
        int distance = slot - slotOf(slots[slot + 1]);
        return distance < 0 ? distance + slots.length : distance;
    }

    /** Spreads 32 bits of the id over any capacity, without a division. */
    private int slotOf(long low) {
        return (int) ((low >>> 32) * capacity() >>> 32) * 2;
    }

    private int next(int slot) {
        return slot + 2 == slots.length ? 0 : slot + 2;
    }

    private int previous(int slot) {
        return slot == 0 ? slots.length - 2 : slot - 2;
    }
}
