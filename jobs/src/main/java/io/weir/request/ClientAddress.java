package io.weir.request;

import io.weir.sketch.VisitorHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The one spelling of a client's address, so that a client is one visitor however it is written.
 *
 * <p>An IPv6 address becomes what RFC 5952 says: lower case, no leading zeros, {@code ::} for the
 * longest run of zeros. Its zone ({@code %eth0}) stays as it is. An IPv4-mapped one ({@code
 * ::ffff:192.0.2.1}) becomes the IPv4 address, since it is the same client, seen through a socket
 * that takes both. Brackets and a port are dropped. An IPv4 address stays as it is, and so does
 * whatever is no address, such as a host name.
 */
public final class ClientAddress {

    private static final int GROUPS = 8;
    private static final int MAPPED_PREFIX = 0xffff;
    private static final int MAX_LENGTH = 39;
    private static final int MAX_PORT_DIGITS = 5;

    private ClientAddress() {}

    /** The hash of the visitor with this address; only one with a colon has several spellings. */
    static long hash(byte[] text, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (text[i] == ':') {
                return hashOfSpelling(text, from, length);
            }
        }
        return VisitorHash.hashText(text, from, length);
    }

    private static long hashOfSpelling(byte[] text, int from, int length) {
        if (isCanonicalV6(text, from, from + length)) {
            return VisitorHash.hashText(text, from, length);
        }
        byte[] canonical = canonicalBytes(text, from, from + length);
        return canonical == null
                ? VisitorHash.hashText(text, from, length)
                : VisitorHash.hashText(canonical, 0, canonical.length);
    }

    /**
     * Whether it is what most servers write, so that no copy is needed: no zero but those that one
     * {@code ::} stands for, and no zone. Says no to some that are canonical too.
     */
    private static boolean isCanonicalV6(byte[] text, int from, int to) {
        int groups = 0;
        int digits = 0;
        int gaps = 0;
        for (int i = from; i < to; i++) {
            byte character = text[i];
            if (character == ':') {
                if (digits > 0) {
                    groups++;
                } else if (i == from || text[i - 1] != ':' || ++gaps > 1) {
                    return false;
                }
                digits = 0;
            } else if (!isLowerHexadecimal(character) || digits == 0 && character == '0') {
                return false;
            } else if (++digits > 4) {
                return false;
            }
        }
        if (digits > 0) {
            groups++;
        } else if (to - from < 2 || text[to - 2] != ':') {
            return false;
        }
        return gaps == 1 ? groups <= GROUPS - 2 : groups == GROUPS;
    }

    private static boolean isLowerHexadecimal(byte character) {
        return character >= '0' && character <= '9' || character >= 'a' && character <= 'f';
    }

    /**
     * The canonical spelling of the address between {@code from} and {@code to}, or null where that
     * is no IP address.
     */
    public static @Nullable String canonical(byte[] text, int from, int to) {
        byte[] canonical = canonicalBytes(text, from, to);
        return canonical == null ? null : new String(canonical, StandardCharsets.ISO_8859_1);
    }

    private static byte @Nullable [] canonicalBytes(byte[] text, int from, int to) {
        int colon = indexOf(text, ':', from, to);
        if (colon == to) {
            return isV4(text, from, to) ? Arrays.copyOfRange(text, from, to) : null;
        }
        if (text[from] == '[') {
            int close = indexOf(text, ']', from, to);
            boolean isWhole = close + 1 == to || close < to && isPort(text, close + 1, to);
            return isWhole ? canonicalV6(text, from + 1, close) : null;
        }
        if (isPort(text, colon, to) && isV4(text, from, colon)) {
            return Arrays.copyOfRange(text, from, colon);
        }
        return canonicalV6(text, from, to);
    }

    private static boolean isPort(byte[] text, int colon, int to) {
        int digits = to - colon - 1;
        if (text[colon] != ':' || digits < 1 || digits > MAX_PORT_DIGITS) {
            return false;
        }
        for (int i = colon + 1; i < to; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean isV4(byte[] text, int from, int to) {
        return v4(text, from, to) >= 0;
    }

    /** The 32 bits of four numbers up to 255 with dots between them, or -1. */
    private static long v4(byte[] text, int from, int to) {
        long address = 0;
        int number = 0;
        int digits = 0;
        int dots = 0;
        for (int i = from; i < to; i++) {
            int digit = text[i] - '0';
            if (digit >= 0 && digit <= 9 && digits < 3) {
                number = number * 10 + digit;
                digits++;
            } else if (text[i] == '.' && digits > 0 && dots < 3) {
                address = address << 8 | number;
                dots++;
                digits = 0;
                number = 0;
            } else {
                return -1;
            }
            if (number > 255) {
                return -1;
            }
        }
        return dots == 3 && digits > 0 ? address << 8 | number : -1;
    }

    private static byte @Nullable [] canonicalV6(byte[] text, int from, int to) {
        int zone = indexOf(text, '%', from, to);
        int[] groups = zone + 1 == to ? null : groups(text, from, zone);
        if (groups == null) {
            return null;
        }
        byte[] canonical = new byte[MAX_LENGTH + to - zone];
        int length = isMapped(groups) ? writeV4(groups, canonical) : writeV6(groups, canonical);
        System.arraycopy(text, zone, canonical, length, to - zone);
        return Arrays.copyOf(canonical, length + to - zone);
    }

    /** The eight groups of an address without a zone, or null. */
    private static int @Nullable [] groups(byte[] text, int from, int to) {
        int[] groups = new int[GROUPS];
        int count = 0;
        int gap = -1;
        int at = from;
        while (at < to) {
            if (text[at] == ':') {
                boolean isGap = at + 1 < to && text[at + 1] == ':';
                if (isGap ? gap >= 0 : count == 0 || at + 1 == to) {
                    return null;
                }
                gap = isGap ? count : gap;
                at += isGap ? 2 : 1;
                if (at < to && text[at] == ':') {
                    return null;
                }
                continue;
            }
            int end = indexOf(text, ':', at, to);
            if (end == to && count <= GROUPS - 2 && isV4(text, at, end)) {
                long address = v4(text, at, end);
                groups[count++] = (int) (address >> 16);
                groups[count++] = (int) address & 0xffff;
            } else {
                int group = hexadecimal(text, at, end);
                if (group < 0 || count == GROUPS) {
                    return null;
                }
                groups[count++] = group;
            }
            at = end;
            if (at < to && count == GROUPS) {
                return null;
            }
        }
        return spread(groups, count, gap);
    }

    /** With the zeros that {@code ::} stands for, which are one group at least. */
    private static int @Nullable [] spread(int[] groups, int count, int gap) {
        if (gap < 0) {
            return count == GROUPS ? groups : null;
        }
        if (count == GROUPS) {
            return null;
        }
        int[] whole = new int[GROUPS];
        System.arraycopy(groups, 0, whole, 0, gap);
        System.arraycopy(groups, gap, whole, GROUPS - (count - gap), count - gap);
        return whole;
    }

    private static int hexadecimal(byte[] text, int from, int to) {
        if (to - from > 4) {
            return -1;
        }
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = Character.digit(text[i], 16);
            if (digit < 0) {
                return -1;
            }
            number = number << 4 | digit;
        }
        return number;
    }

    private static boolean isMapped(int[] groups) {
        return groups[5] == MAPPED_PREFIX
                && (groups[0] | groups[1] | groups[2] | groups[3] | groups[4]) == 0;
    }

    private static int writeV4(int[] groups, byte[] to) {
        String address =
                (groups[6] >> 8)
                        + "."
                        + (groups[6] & 0xff)
                        + "."
                        + (groups[7] >> 8)
                        + "."
                        + (groups[7] & 0xff);
        byte[] bytes = address.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, to, 0, bytes.length);
        return bytes.length;
    }

    private static int writeV6(int[] groups, byte[] to) {
        int run = longestRun(groups);
        int runEnd = run < 0 ? -1 : endOfRun(groups, run);
        int at = 0;
        for (int i = 0; i < GROUPS; i++) {
            if (i == run) {
                to[at++] = ':';
                to[at++] = ':';
                i = runEnd - 1;
                continue;
            }
            if (i > 0 && i != runEnd) {
                to[at++] = ':';
            }
            at = writeHexadecimal(groups[i], to, at);
        }
        return at;
    }

    /** Where the first of the longest runs of two zeros or more begins, or -1. */
    private static int longestRun(int[] groups) {
        int longest = -1;
        int length = 1;
        for (int i = 0; i < GROUPS; i++) {
            int end = endOfRun(groups, i);
            if (end - i > length) {
                longest = i;
                length = end - i;
            }
        }
        return longest;
    }

    private static int endOfRun(int[] groups, int start) {
        int end = start;
        while (end < GROUPS && groups[end] == 0) {
            end++;
        }
        return end;
    }

    private static int writeHexadecimal(int number, byte[] to, int start) {
        int at = start;
        for (int shift = 12; shift >= 0; shift -= 4) {
            if (shift == 0 || number >>> shift > 0) {
                to[at++] = (byte) Character.forDigit(number >>> shift & 15, 16);
            }
        }
        return at;
    }

    private static int indexOf(byte[] text, char character, int from, int to) {
        int at = from;
        while (at < to && text[at] != character) {
            at++;
        }
        return at;
    }
}
