package io.weir.request;

/** Ends the decoding of a record that is not a request; it never leaves this package. */
final class RejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Rejection rejection;

    RejectedException(RejectReason reason, String message) {
        // A producer of garbage sends it by the million, and a stack trace costs more than
        // decoding.
        super(message, null, false, false);
        this.rejection = new Rejection(reason, message);
    }

    static RejectedException notJson(String message) {
        return new RejectedException(RejectReason.NOT_JSON, message);
    }

    Rejection rejection() {
        return rejection;
    }
}
