/** Real access logs, read as requests. */
@NullMarked
package io.weir.tools.accesslog;

import org.jspecify.annotations.NullMarked;
