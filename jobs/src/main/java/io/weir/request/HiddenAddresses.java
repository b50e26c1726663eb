package io.weir.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes the addresses of clients out of a record.
 *
 * <p>The text of ip_address becomes {@code #} and the 16 hexadecimal digits of its visitor hash. In
 * a record with the header {@link #HEADER} the decoder takes it for the same visitor; the header is
 * asked for because anybody who visits a site may choose the text that its log has for an address.
 * Any other text that looks like an IPv4 or IPv6 address becomes {@code #}; so does ip_address in a
 * record that is no JSON object. A value of ip_address that is no text of the right length becomes
 * another that is none, so that the record has the outcome that it had.
 *
 * <p>What is left: addresses in another form (encoded, escaped, host names), and those in the key
 * and the headers. The hash has no secret: who can try all addresses finds the one of a hash.
 */
public final class HiddenAddresses {

    /** A record with this header has no addresses any more. */
    public static final String HEADER = "weir.addresses-hidden";

    private static final char SIGN = '#';
    private static final int HASH_BYTES = 1 + 16;
    private static final HexFormat HEX = HexFormat.of();

    private static final String V4 = "[0-9]{1,3}(?:\\.[0-9]{1,3}){3}";
    private static final String GROUP = "[0-9A-Fa-f]{1,4}";

    /**
     * An address, or an escape sequence of JSON, whose digits are not part of one. Some that are no
     * addresses are found too. Repetitions have limits, so that no text takes long.
     */
    private static final Pattern ADDRESS =
            Pattern.compile(
                    """
                    \\\\(?:u[0-9A-Fa-f]{4}|["\\\\/bfnrt])?\
                    |(?:GROUP:){6}V4\
                    |(?:GROUP:){7}GROUP\
                    |(?:GROUP(?::GROUP){0,6})?::(?:GROUP:){0,6}V4\
                    |(?:GROUP(?::GROUP){0,6})?::(?:GROUP(?::GROUP){0,6})?\
                    |V4"""
                            .replace("GROUP", GROUP)
                            .replace("V4", V4));

    private static final Pattern FIELD = Pattern.compile("(\"ip_address\"\\s*+:\\s*+\")[^\"]++");

    private HiddenAddresses() {}

    /**
     * A value without addresses.
     *
     * @param record which has the value, or a longer one of which it is the beginning
     */
    public static byte[] in(byte[] value, KafkaRecord record) {
        byte[] hidden = inObject(value, record);
        if (hidden != null) {
            return hidden;
        }
        String text = new String(value, ISO_8859_1);
        return in(FIELD.matcher(text).replaceAll("$1" + SIGN)).getBytes(ISO_8859_1);
    }

    /** A text without addresses. */
    public static String in(String text) {
        return ADDRESS.matcher(text)
                .replaceAll(
                        found ->
                                found.group().charAt(0) == '\\'
                                        ? Matcher.quoteReplacement(found.group())
                                        : String.valueOf(SIGN));
    }

    /** The visitor hash that an ip_address of a record with these headers is. */
    static long hashOf(FieldText address, List<KafkaHeader> headers) {
        Long hidden = hiddenHash(address, headers);
        return hidden == null
                ? ClientAddress.hash(address.bytes(), address.from(), address.length())
                : hidden;
    }

    /** Whether an ip_address of a record with these headers was taken out of it. */
    static boolean isHidden(FieldText address, List<KafkaHeader> headers) {
        return hiddenHash(address, headers) != null;
    }

    /** Null for a text that was not made here. */
    private static @Nullable Long hiddenHash(FieldText text, List<KafkaHeader> headers) {
        if (text.length() != HASH_BYTES
                || text.bytes()[text.from()] != SIGN
                || headers.stream().noneMatch(header -> header.key().equals(HEADER))) {
            return null;
        }
        String digits = new String(text.bytes(), text.from() + 1, HASH_BYTES - 1, ISO_8859_1);
        return digits.matches("[0-9a-f]*") ? HexFormat.fromHexDigitsToLong(digits) : null;
    }

    /**
     * With ip_address replaced, and request_id as it is, or copies would not be known and others be
     * taken for copies; null if it is no JSON object.
     */
    private static byte @Nullable [] inObject(byte[] value, KafkaRecord record) {
        JsonScanner scanner = new JsonScanner();
        FieldText text = new FieldText();
        ByteArrayOutputStream hidden = new ByteArrayOutputStream(value.length + HASH_BYTES);
        int copied = 0;
        try {
            if (scanner.begin(value) != JsonType.OBJECT) {
                return null;
            }
            while (scanner.nextName()) {
                text.set(value, scanner.start(), scanner.end(), scanner.isEscaped());
                RequestField field = RequestField.named(text.bytes(), text.from(), text.to());
                JsonType type = scanner.value();
                if (field == RequestField.IP_ADDRESS) {
                    text.set(value, scanner.start(), scanner.end(), scanner.isEscaped());
                    hidden.writeBytes(in(value, copied, scanner.start()));
                    hidden.writeBytes(replacement(type, text, record).getBytes(US_ASCII));
                    copied = scanner.end();
                } else if (field == RequestField.REQUEST_ID && type == JsonType.STRING) {
                    hidden.writeBytes(in(value, copied, scanner.start()));
                    hidden.write(value, scanner.start(), scanner.end() - scanner.start());
                    copied = scanner.end();
                }
            }
        } catch (RejectedException e) {
            return null;
        }
        hidden.writeBytes(in(value, copied, value.length));
        return hidden.toByteArray();
    }

    private static byte[] in(byte[] value, int from, int to) {
        return in(new String(value, from, to - from, ISO_8859_1)).getBytes(ISO_8859_1);
    }

    private static String replacement(JsonType type, FieldText value, KafkaRecord record) {
        return switch (type) {
            case STRING -> replacement(value, record);
            case OBJECT -> "{}";
            case ARRAY -> "[]";
            case INTEGER, DECIMAL -> "0";
            case BOOLEAN -> "false";
            case NULL -> "null";
        };
    }

    private static String replacement(FieldText address, KafkaRecord record) {
        if (address.length() == 0) {
            return "";
        }
        if (address.length() > RequestDecoder.MAX_IP_ADDRESS_BYTES) {
            return String.valueOf(SIGN).repeat(RequestDecoder.MAX_IP_ADDRESS_BYTES + 1);
        }
        return SIGN + HEX.toHexDigits(hashOf(address, record.headers()));
    }
}
