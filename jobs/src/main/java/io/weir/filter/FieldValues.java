package io.weir.filter;

import org.jspecify.annotations.Nullable;

/** What a filter is asked about. */
public interface FieldValues {

    /** What a field of the filter holds; null where it is absent. */
    @Nullable Value valueOf(String field);
}
