package io.weir.gate;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.loading.ClassReloadingStrategy;

/**
 * A fault put into the job on purpose, while the process runs: each breaks one promise, which the
 * gate must notice. The code of the job knows nothing of it.
 */
@SuppressWarnings("UnusedVariable") // what an advice assigns is used by the method it is put into
enum Mutation {
    GROW("a row gives way to any other", "io.weir.store.TableStatement", "upsert", Grow.class),
    LATENESS(
            "a request is late by its own time, not by its minute's end",
            "io.weir.intake.Lateness",
            "isClosed",
            ByItsOwnTime.class),
    CLOSED(
            "a longer lateness opens closed minutes again",
            "io.weir.intake.RouteRequests$Clock",
            "close",
            OpenAgain.class),
    DEDUPLICATE(
            "ids are left out of checkpoints",
            "io.weir.deduplicate.IdSet",
            "hasChanged",
            Never.class),
    FLUSH(
            "what is combined is not emitted before a checkpoint",
            "io.weir.window.Held",
            "onBarrier",
            LeaveOut.class),
    IDLE(
            "a silent partition is taken for one that is read to its end",
            "io.weir.intake.PartitionEnds",
            "after",
            Ended.class),
    ORDER(
            "a late copy is judged when it comes, not when all copies have",
            "io.weir.deduplicate.DeduplicateRequests",
            "releasedAt",
            AtOnce.class);

    private final String fault;
    private final String className;
    private final String method;
    private final Class<?> advice;

    Mutation(String fault, String className, String method, Class<?> advice) {
        this.fault = fault;
        this.className = className;
        this.method = method;
        this.advice = advice;
    }

    /** What is wrong then. */
    String fault() {
        return fault;
    }

    /** As it is named on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Breaks the job, for every run in this process until it is closed. */
    Planted plant() {
        ByteBuddyAgent.install();
        Class<?> mutated = load();
        boolean isThere = false;
        for (java.lang.reflect.Method each : mutated.getDeclaredMethods()) {
            isThere |= each.getName().equals(method);
        }
        if (!isThere) {
            throw new IllegalStateException(className + " has no method " + method + " to mutate");
        }
        ClassReloadingStrategy reloading = ClassReloadingStrategy.fromInstalledAgent();
        new ByteBuddy()
                .redefine(mutated)
                .visit(Advice.to(advice).on(named(method)))
                .make()
                .load(mutated.getClassLoader(), reloading);
        return () -> {
            try {
                reloading.reset(
                        ClassFileLocator.ForClassLoader.of(mutated.getClassLoader()), mutated);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        };
    }

    private Class<?> load() {
        try {
            return Class.forName(className);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("there is no class to mutate", e);
        }
    }

    /** Closing it mends the job. */
    interface Planted extends AutoCloseable {
        @Override
        void close();
    }

    private static final class Grow {
        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 4, readOnly = false) String where) {
            where = "true";
        }
    }

    private static final class ByItsOwnTime {
        @Advice.OnMethodExit
        static void exit(
                @Advice.Argument(0) long closedUntilMillis,
                @Advice.Argument(1) long eventTimeMillis,
                @Advice.Return(readOnly = false) boolean isClosed) {
            isClosed = eventTimeMillis <= closedUntilMillis;
        }
    }

    private static final class OpenAgain {
        @Advice.OnMethodExit
        static void exit(
                @Advice.Argument(0) long untilMillis,
                @Advice.FieldValue(value = "closedUntilMillis", readOnly = false) long closed) {
            closed = untilMillis;
        }
    }

    private static final class Never {
        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) boolean hasChanged) {
            hasChanged = false;
        }
    }

    private static final class LeaveOut {
        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter() {
            return true;
        }
    }

    private static final class Ended {
        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) CompletableFuture<Long> end) {
            end = CompletableFuture.completedFuture(Long.MIN_VALUE);
        }
    }

    private static final class AtOnce {
        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) long releasedAt) {
            releasedAt = Long.MIN_VALUE;
        }
    }
}
