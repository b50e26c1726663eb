package io.weir.view;

import java.io.Serializable;
import java.util.List;

/** Which views there are, at any time. The same question always has the same answer. */
@FunctionalInterface
public interface Views extends Serializable {

    /**
     * The views that count the requests of an hour.
     *
     * @param hourMillis the start of the hour, epoch milliseconds
     */
    List<View> at(long hourMillis);

    /** For those who have no store to ask. */
    static Views none() {
        return hour -> List.of();
    }
}
