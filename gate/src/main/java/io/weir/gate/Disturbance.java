package io.weir.gate;

/** What happens to a job while it runs. */
enum Disturbance {
    NOTHING("nothing"),
    TASK_FAILS("a task fails"),
    CONNECTIONS_ARE_CUT("connections to the database are cut"),
    FAILS_BEFORE_CHECKPOINT("a failure after the rows are written, before the checkpoint"),
    FAILS_AFTER_CHECKPOINT("a failure after the checkpoint, before its notification"),
    RESTARTS_FROM_CHECKPOINT("a restart from the last checkpoint"),
    RESUMES_RESCALED("a savepoint is resumed at another parallelism"),
    RESUMES_WITH_OTHER_SETTINGS("a savepoint is resumed with another lateness and other intervals"),
    DATABASE_RESTARTS("the database restarts"),
    BROKER_RESTARTS("the broker restarts");

    private final String text;

    Disturbance(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
