package io.weir.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonNumberTest {
    private static final long MAX = 86_400_000_000L;

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "999999999999999999, 999999999999999999",
        "1000000000000000000, -1",
        "9223372036854775807, -1",
        "-1, -1"
    })
    void readsIntegersOfUpToEighteenDigits(String text, long expected) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);

        assertThat(JsonNumber.integer(bytes, 0, bytes.length)).isEqualTo(expected);
    }

    @Test
    void multipliesAndRoundsAsBigDecimalDoes() {
        Random random = new Random(7);
        for (int i = 0; i < 300_000; i++) {
            String text = randomNumber(random);

            assertThat(thousandfold(text)).as(text).isEqualTo(exactly(text));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "86400000, 86400000000",
        "86400000.0000, 86400000000",
        "86400000.0001, -1",
        "86399999.9994, 86399999999",
        "86399999.9995, 86400000000",
        "864000000000000000000000000000e-22, 86400000000",
        "864000000000000000000000000001e-22, -1",
        "86400000.000000000000000000000000000001, -1",
        "-0.0e5, 0"
    })
    void comparesWithTheMaximumBeforeItRounds(String text, long expected) {
        assertThat(thousandfold(text)).isEqualTo(expected).isEqualTo(exactly(text));
    }

    @ParameterizedTest
    @CsvSource({
        "1e2147483648, -1",
        "1e99999999999999999999999, -1",
        "1e-99999999999999999999999, 0",
        "0e99999999999999999999999, 0",
        "-1e-99999999999999999999999, -1"
    })
    void isNotAfraidOfExponents(String text, long expected) {
        assertThat(thousandfold(text)).isEqualTo(expected);
    }

    @Test
    void readsNumbersOfAMillionDigits() {
        String zeros = "0".repeat(1_000_000);

        assertThat(thousandfold("0." + zeros + "1e1000001")).isEqualTo(1000);
        assertThat(thousandfold("1" + zeros + "e-1000000")).isEqualTo(1000);
        assertThat(thousandfold("0.0004" + "9".repeat(1_000_000))).isZero();
        assertThatCode(() -> thousandfold("9".repeat(1_000_000))).doesNotThrowAnyException();
    }

    private static String randomNumber(Random random) {
        StringBuilder text = new StringBuilder();
        if (random.nextInt(20) == 0) {
            text.append('-');
        }
        text.append(random.nextInt(4) == 0 ? "0" : digits(random, 1 + random.nextInt(9), true));
        if (random.nextInt(4) != 0) {
            text.append('.').append(digits(random, 1 + random.nextInt(24), false));
        }
        if (random.nextInt(3) == 0) {
            text.append(random.nextBoolean() ? 'e' : 'E');
            text.append(random.nextBoolean() ? "-" : random.nextBoolean() ? "+" : "");
            text.append(random.nextInt(30));
        }
        return text.toString();
    }

    private static String digits(Random random, int count, boolean isFirstPositive) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            // Fives and zeros make ties, which is where rounding goes wrong.
            int digit = random.nextInt(3) == 0 ? 5 * random.nextInt(2) : random.nextInt(10);
            digits.append(i == 0 && isFirstPositive && digit == 0 ? 1 : digit);
        }
        return digits.toString();
    }

    private static long exactly(String text) {
        BigDecimal exact = new BigDecimal(text).movePointRight(3);
        if (exact.signum() < 0 || exact.compareTo(BigDecimal.valueOf(MAX)) > 0) {
            return JsonNumber.OUT_OF_RANGE;
        }
        return exact.setScale(0, RoundingMode.HALF_UP).longValueExact();
    }

    private static long thousandfold(String text) {
        byte[] bytes = ("[" + text + "]").getBytes(StandardCharsets.US_ASCII);
        return JsonNumber.thousandfold(bytes, 1, bytes.length - 1, MAX);
    }
}
