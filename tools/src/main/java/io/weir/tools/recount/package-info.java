/**
 * An independent counter: it shares nothing with the job but the decoder, so that what both agree
 * on is right.
 */
@NullMarked
package io.weir.tools.recount;

import org.jspecify.annotations.NullMarked;
