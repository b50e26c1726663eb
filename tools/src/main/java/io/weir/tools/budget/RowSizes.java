package io.weir.tools.budget;

import java.time.Duration;

/**
 * Bytes a row of a grain.
 *
 * @param length the shortest bucket that they are good for
 * @param heap where rows are written to, with TOAST and indexes
 * @param columnar in an archived partition
 */
public record RowSizes(Duration length, BytesPerRow heap, BytesPerRow columnar) {}
