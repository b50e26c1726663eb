/** Who sends requests, by the user agent: people's browsers, bots, or unknown. */
@NullMarked
package io.weir.agent;

import org.jspecify.annotations.NullMarked;
