/** What became of every record that was read, by partition. */
@NullMarked
package io.weir.ledger;

import org.jspecify.annotations.NullMarked;
