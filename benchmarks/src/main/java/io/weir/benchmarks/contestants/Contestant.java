package io.weir.benchmarks.contestants;

/** A way to count the requests of the topic, as often as asked. */
public interface Contestant {

    /** Makes its tables, or empties them. */
    void prepare() throws Exception;

    /** Counts all requests. */
    Effort count() throws Exception;
}
