package io.weir.tools.recount;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseTimesTest {

    private static final long DAY_MICROS = 86_400_000_000L;

    /** g = 41/39, in whole numbers: bucket i ends with the largest one up to g^i. */
    @Test
    void everyBucketEndsWhereItIsDefinedTo() {
        BigInteger numerator = BigInteger.ONE;
        BigInteger denominator = BigInteger.ONE;
        int bucket = 0;
        for (long last = 1; last <= DAY_MICROS; bucket++) {
            numerator = numerator.multiply(BigInteger.valueOf(41));
            denominator = denominator.multiply(BigInteger.valueOf(39));
            last = numerator.divide(denominator).longValueExact();
            assertThat(ResponseTimes.bucketOf(last)).isLessThanOrEqualTo(bucket + 1);
            assertThat(ResponseTimes.bucketOf(last + 1)).isGreaterThan(bucket + 1);
        }
        assertThat(bucket).isEqualTo(504);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "2, 14", "3, 22", "12500, 189", "86400000000, 504"})
    void aTimeIsInItsBucket(long micros, int bucket) {
        assertThat(ResponseTimes.bucketOf(micros)).isEqualTo(bucket);
    }

    /** 1.0513^1 to 1.0513^13 are between 1 and 2, so no whole number is in buckets 1 to 13. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"12500; [189:189]={1}", "2,1,1; [0:14]={2,0,0,0,0,0,0,0,0,0,0,0,0,0,1}"})
    void isShownAsPostgresShowsIt(String micros, String shown) {
        ResponseTimes times = new ResponseTimes();
        for (String each : micros.split(",", -1)) {
            times.add(Long.parseLong(each));
        }

        assertThat(times.text()).isEqualTo(shown);
    }

    @Test
    void nothingTimedIsAnEmptyArray() {
        assertThat(new ResponseTimes().text()).isEqualTo("{}");
    }
}
