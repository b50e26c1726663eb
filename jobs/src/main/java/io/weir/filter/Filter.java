package io.weir.filter;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A condition on the fields of a request. It only compares: nothing in it can be run. */
public sealed interface Filter {

    Truth test(FieldValues fields);

    /** The fields it asks for, as it names them; one can come more than once. */
    Stream<String> fields();

    /** Whether the condition is true, and not only unknown. */
    default boolean matches(FieldValues fields) {
        return test(fields) == Truth.TRUE;
    }

    /** All of them. */
    record And(List<Filter> parts) implements Filter {
        @Override
        public Stream<String> fields() {
            return parts.stream().flatMap(Filter::fields);
        }

        @Override
        public Truth test(FieldValues fields) {
            Truth truth = Truth.TRUE;
            for (Filter part : parts) {
                truth = truth.and(part.test(fields));
            }
            return truth;
        }
    }

    /** One of them or more. */
    record Or(List<Filter> parts) implements Filter {
        @Override
        public Stream<String> fields() {
            return parts.stream().flatMap(Filter::fields);
        }

        @Override
        public Truth test(FieldValues fields) {
            Truth truth = Truth.FALSE;
            for (Filter part : parts) {
                truth = truth.or(part.test(fields));
            }
            return truth;
        }
    }

    /** The contrary; of what is unknown it is unknown, too. */
    record Not(Filter part) implements Filter {
        @Override
        public Stream<String> fields() {
            return part.fields();
        }

        @Override
        public Truth test(FieldValues fields) {
            return part.test(fields).not();
        }
    }

    /** A field compared with a value; unknown if it is absent or of another type. */
    record Comparison(String field, Operator operator, Value value) implements Filter {
        @Override
        public Stream<String> fields() {
            return Stream.of(field);
        }

        @Override
        public Truth test(FieldValues fields) {
            Integer order = order(fields.valueOf(field), value);
            return order == null ? Truth.UNKNOWN : Truth.of(operator.holds(order));
        }

        private static @Nullable Integer order(@Nullable Value left, Value right) {
            if (left instanceof Value.OfNumber a && right instanceof Value.OfNumber b) {
                return a.number().compareTo(b.number());
            }
            if (left instanceof Value.OfText a && right instanceof Value.OfText b) {
                return a.text().compareTo(b.text());
            }
            if (left instanceof Value.OfBoolean a && right instanceof Value.OfBoolean b) {
                return Boolean.compare(a.isTrue(), b.isTrue());
            }
            return null;
        }
    }

    /** A text compared with a pattern; unknown if it is absent or no text. */
    record Like(String field, LikePattern pattern) implements Filter {
        @Override
        public Stream<String> fields() {
            return Stream.of(field);
        }

        @Override
        public Truth test(FieldValues fields) {
            return fields.valueOf(field) instanceof Value.OfText value
                    ? Truth.of(pattern.matches(value.text()))
                    : Truth.UNKNOWN;
        }
    }

    /** Whether a field is absent; never unknown. */
    record IsNull(String field) implements Filter {
        @Override
        public Stream<String> fields() {
            return Stream.of(field);
        }

        @Override
        public Truth test(FieldValues fields) {
            return Truth.of(fields.valueOf(field) == null);
        }
    }
}
