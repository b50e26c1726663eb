package io.weir.tools.page;

import org.jspecify.annotations.Nullable;

/** A question that gets no answer; the message is for whoever looks at the page. */
final class PageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    private PageException(int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** The question is wrong and stays so. */
    static PageException badQuestion(String message) {
        return new PageException(400, message, null);
    }

    static PageException notFound(String message) {
        return new PageException(404, message, null);
    }

    /** The question may be asked again later. */
    static PageException unavailable(String message, Throwable cause) {
        return new PageException(503, message, cause);
    }

    int status() {
        return status;
    }
}
