package io.weir.request;

/** Headers of a letter, a record parked as late or rejected: which record it was. */
public final class LetterHeaders {

    public static final String TOPIC = "weir.topic";
    public static final String PARTITION = "weir.partition";
    public static final String OFFSET = "weir.offset";

    private LetterHeaders() {}
}
