package io.weir.tools.accesslog;

import io.weir.tools.accesslog.HeadField.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What stands in front of a line's time: a known prefix or none, the server's host or none, the
 * client, and what of its identity is known. Exactly these are requests:
 *
 * <pre>
 * address ...                      the address is the client
 * -                                nobody is
 * list ...                         the first address of the list is
 * host[:port] address ...          the address is
 * host:port name ...               the name is
 * host:port - ...                  nobody is
 * host name - user                 the name is
 * host - - user                    nobody is
 * address host user                the address is, as lighttpd writes it
 * name identity user               the name is, as servers that look names up write it
 * </pre>
 *
 * Of two addresses in front, the one without a port is the client's after one with a port, and the
 * public one beside a private one; an address after {@code -} is the client's.
 *
 * @param host the server's name or address, without its port; null where none is known
 * @param client null where there is none
 * @param fault why the line is no request, or null
 */
record LineHead(@Nullable String host, @Nullable String client, @Nullable LineFault fault) {

    private static final int MOST_FIELDS = 4;

    /** What stands first, after a prefix. */
    enum First {
        CLIENT,
        /** The server's host; the client comes second. */
        HOST,
        /** What follows says which. */
        EITHER
    }

    /** Reads a line up to the bracket of its time. */
    static LineHead of(LineText line, int bracket, First is) {
        int start = Math.min(bracket, line.afterBlanks(0));
        HeadField first = HeadField.at(line, start, bracket);
        if (!first.isAddress()) {
            int afterPrefix = LinePrefix.end(line, start, bracket);
            if (afterPrefix > start) {
                start = afterPrefix;
                first = HeadField.at(line, start, bracket);
            }
        }
        if (start == bracket) {
            return fault(LineFault.NO_CLIENT);
        }
        return switch (is) {
            case CLIENT -> ofClient(null, first);
            case HOST ->
                    ofClient(
                            first.kind() == Kind.NOTHING ? null : first.text(),
                            HeadField.at(
                                    line,
                                    Math.min(bracket, line.afterBlanks(first.end())),
                                    bracket));
            case EITHER -> new Fields(line, bracket, first).head();
        };
    }

    private static LineHead ofClient(@Nullable String host, HeadField client) {
        return switch (client.kind()) {
            case OTHER -> fault(LineFault.NO_CLIENT);
            case NOTHING -> nobody(host);
            default -> new LineHead(host, client.text(), null);
        };
    }

    private static LineHead client(String client) {
        return new LineHead(null, client, null);
    }

    private static LineHead nobody(@Nullable String host) {
        return new LineHead(host, null, null);
    }

    private static LineHead fault(LineFault fault) {
        return new LineHead(null, null, fault);
    }

    /** The fields in front of a time, read when they are asked for. */
    private static final class Fields {

        private final LineText line;
        private final int bracket;
        private final HeadField first;
        private final HeadField second;

        Fields(LineText line, int bracket, HeadField first) {
            this.line = line;
            this.bracket = bracket;
            this.first = first;
            this.second = after(first);
        }

        LineHead head() {
            return switch (first.kind()) {
                case LIST -> client(first.text());
                case ADDRESS -> ofAddress();
                case NOTHING -> second.isAddress() ? client(second.text()) : nobody(null);
                case HOST, NAME -> ofName();
                case OTHER -> fault(hasAddress() ? LineFault.UNKNOWN_PREFIX : LineFault.NO_CLIENT);
            };
        }

        private LineHead ofAddress() {
            if (second.isAddress()) {
                return ofTwoAddresses();
            }
            if (first.hasPort() && count() == MOST_FIELDS && isNothing(after(second))) {
                if (second.isName()) {
                    return new LineHead(first.text(), second.text(), null);
                }
                if (isNothing(second) && isNothing(after(after(second)))) {
                    return nobody(first.text());
                }
            }
            boolean hasHost = second.kind() == Kind.HOST && count() == MOST_FIELDS - 1;
            return new LineHead(hasHost ? second.text() : null, first.text(), null);
        }

        private LineHead ofTwoAddresses() {
            if (first.hasPort() && !second.hasPort()) {
                return new LineHead(first.text(), second.text(), null);
            }
            if (second.kind() == Kind.LIST || first.isPrivate() && !second.isPrivate()) {
                return client(second.text());
            }
            return second.isPrivate() && !first.isPrivate()
                    ? client(first.text())
                    : fault(LineFault.TWO_ADDRESSES);
        }

        private LineHead ofName() {
            boolean isHost = first.kind() == Kind.HOST;
            if (second.isAddress()) {
                return isHost
                        ? new LineHead(first.text(), second.text(), null)
                        : fault(LineFault.UNKNOWN_PREFIX);
            }
            if (hasAddress()) {
                return fault(LineFault.UNKNOWN_PREFIX);
            }
            if (first.hasPort()) {
                return ofHost(first.text());
            }
            if (count() < MOST_FIELDS) {
                return count() < 2 ? fault(LineFault.NO_CLIENT) : client(first.text());
            }
            if (isNothing(after(second))) {
                return ofHost(isHost ? first.text() : null);
            }
            return isNothing(second) ? client(first.text()) : fault(LineFault.UNKNOWN_PREFIX);
        }

        private LineHead ofHost(@Nullable String host) {
            if (isNothing(second)) {
                return nobody(host);
            }
            return host != null && second.isName()
                    ? new LineHead(host, second.text(), null)
                    : fault(LineFault.UNKNOWN_PREFIX);
        }

        private HeadField after(HeadField field) {
            return HeadField.at(line, Math.min(bracket, line.afterBlanks(field.end())), bracket);
        }

        private static boolean isNothing(HeadField field) {
            return field.kind() == Kind.NOTHING;
        }

        /** How many fields there are: at most four are told apart. */
        private int count() {
            int count = 1;
            int at = first.end();
            while (count < MOST_FIELDS && line.afterBlanks(at) < bracket) {
                at = HeadField.at(line, line.afterBlanks(at), bracket).end();
                count++;
            }
            return count;
        }

        /** Whether any field after the first one is an address. */
        private boolean hasAddress() {
            int at = line.afterBlanks(first.end());
            while (at < bracket) {
                HeadField field = HeadField.at(line, at, bracket);
                if (field.isAddress()) {
                    return true;
                }
                at = line.afterBlanks(field.end());
            }
            return false;
        }
    }
}
