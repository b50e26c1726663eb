@NullMarked
package io.weir.tools.accesslog;

import org.jspecify.annotations.NullMarked;
