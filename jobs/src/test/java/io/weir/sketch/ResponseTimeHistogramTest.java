package io.weir.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResponseTimeHistogramTest {

    private static final BigDecimal G =
            new BigDecimal("1.025").divide(new BigDecimal("0.975"), new MathContext(60));

    @Test
    void aBucketHoldsWhatLiesAboveTheBoundBeforeUpToItsOwn() {
        BigDecimal bound = BigDecimal.ONE;
        for (int bucket = 0; bucket <= 503; bucket++) {
            long largest = bound.longValue();
            if (largest > ResponseTimeHistogram.MAX_MICROS) {
                break;
            }
            assertThat(ResponseTimeHistogram.bucketOf(largest)).isLessThanOrEqualTo(bucket);
            assertThat(
                            ResponseTimeHistogram.bucketOf(
                                    Math.min(largest + 1, ResponseTimeHistogram.MAX_MICROS)))
                    .isGreaterThanOrEqualTo(Math.min(bucket + 1, 504));
            bound = bound.multiply(G, new MathContext(60));
        }
    }

    @Test
    void everyValueLiesWithinItsBucketsBounds() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            long micros =
                    2 + (long) Math.pow(ResponseTimeHistogram.MAX_MICROS - 2, random.nextDouble());
            int bucket = ResponseTimeHistogram.bucketOf(micros);
            assertThat(G.pow(bucket, new MathContext(60)))
                    .isGreaterThanOrEqualTo(BigDecimal.valueOf(micros));
            assertThat(G.pow(bucket - 1, new MathContext(60)))
                    .isLessThan(BigDecimal.valueOf(micros));
        }
    }

    @Test
    void bucketZeroHoldsUpToAMicrosecond() {
        assertThat(ResponseTimeHistogram.bucketOf(0)).isZero();
        assertThat(ResponseTimeHistogram.bucketOf(1)).isZero();
        assertThat(ResponseTimeHistogram.bucketOf(2)).isEqualTo(14);
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatThrownBy(() -> ResponseTimeHistogram.bucketOf(-1)).hasMessageContaining("-1 us");
        assertThatThrownBy(
                        () -> ResponseTimeHistogram.bucketOf(ResponseTimeHistogram.MAX_MICROS + 1))
                .hasMessageContaining("86400000001 us");
    }

    @Test
    void printsFromTheFirstToTheLastBucketThatHoldsSomething() {
        ResponseTimeHistogram histogram = new ResponseTimeHistogram();
        assertThat(histogram.toArrayLiteral()).isEqualTo("{}");
        histogram.add(2);
        assertThat(histogram.toArrayLiteral()).isEqualTo("[14:14]={1}");
        histogram.add(0);
        histogram.add(2);
        assertThat(histogram.toArrayLiteral()).isEqualTo("[0:14]={1,0,0,0,0,0,0,0,0,0,0,0,0,0,2}");
    }

    @Test
    void mergingIsAddingInAnyOrder() {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            ResponseTimeHistogram all = new ResponseTimeHistogram();
            ResponseTimeHistogram left = new ResponseTimeHistogram();
            ResponseTimeHistogram right = new ResponseTimeHistogram();
            for (int i = random.nextInt(200); i > 0; i--) {
                long micros = random.nextLong(1L << random.nextInt(1, 36));
                all.add(micros);
                (random.nextBoolean() ? left : right).add(micros);
            }
            ResponseTimeHistogram leftFirst = new ResponseTimeHistogram();
            leftFirst.merge(left);
            leftFirst.merge(right);
            right.merge(left);

            assertThat(leftFirst.toArrayLiteral())
                    .isEqualTo(all.toArrayLiteral())
                    .isEqualTo(right.toArrayLiteral());
        }
    }

    @Test
    void readsWhatItWrote() throws IOException {
        ResponseTimeHistogram histogram = new ResponseTimeHistogram();
        for (long micros = 1; micros < ResponseTimeHistogram.MAX_MICROS; micros *= 7) {
            histogram.add(micros);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        histogram.write(new DataOutputStream(bytes));

        assertThat(
                        ResponseTimeHistogram.read(
                                        new DataInputStream(
                                                new ByteArrayInputStream(bytes.toByteArray())))
                                .toArrayLiteral())
                .isEqualTo(histogram.toArrayLiteral());
    }
}
