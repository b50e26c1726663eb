package io.weir.filter;

/** A filter that cannot be: the message says where, what is there, and what would be accepted. */
public final class FilterException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param position of the character, the first has 0
     */
    FilterException(int position, String message) {
        super("at character " + (position + 1) + ": " + message);
    }
}
