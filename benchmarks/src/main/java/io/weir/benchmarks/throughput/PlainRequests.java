package io.weir.benchmarks.throughput;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.weir.tools.send.OutgoingRecord;
import io.weir.tools.send.RecordSource;
import io.weir.tools.send.TimeSpan;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/**
 * Requests as a sender writes them that has only one way: time in epoch milliseconds, always the
 * same fields, all of one length. Event times are up to 5 s before the send time.
 */
public final class PlainRequests implements RecordSource {

    private static final String SOURCE = "plain";
    private static final int MAX_LAG_MILLIS = 5_000;
    private static final int VISITORS = 100_000;
    private static final String[] COUNTRIES = {
        "BR", "BR", "BR", "US", "US", "DE", "IN", "JP", "FR", "GB", "MX", "AR", "PT", "ES", "IT"
    };
    private static final int[] STATUSES = {200, 200, 200, 200, 200, 200, 204, 304, 301, 404, 503};

    private final Workload workload;
    private final long firstMillis;
    private final long spanMillis;

    public PlainRequests(Workload workload) {
        this.workload = workload;
        this.firstMillis = workload.eventTimes().first().toEpochMilli();
        this.spanMillis = workload.span().toMillis();
    }

    @Override
    public Iterator<OutgoingRecord> iterator() {
        return new Records();
    }

    @Override
    public Duration worstLag() {
        return Duration.ofMillis(MAX_LAG_MILLIS);
    }

    @Override
    public TimeSpan eventTimes() {
        return workload.eventTimes();
    }

    @Override
    public long size() {
        return workload.events();
    }

    private final class Records implements Iterator<OutgoingRecord> {

        private final SplittableRandom random = new SplittableRandom(Workload.SEED);
        private final SiteDraw sites =
                new SiteDraw(workload.sites(), workload.zipf(), workload.isHot());
        private final StringBuilder json = new StringBuilder();
        private long sequence;

        @Override
        public boolean hasNext() {
            return sequence < workload.events();
        }

        @Override
        public OutgoingRecord next() {
            if (!hasNext()) {
                throw new NoSuchElementException("all " + workload.events() + " are made");
            }
            long sendMillis = firstMillis + spanMillis * sequence / workload.events();
            sequence++;
            return new OutgoingRecord(value(sendMillis), sendMillis, SOURCE, sequence);
        }

        private byte[] value(long sendMillis) {
            int site = sites.draw(random);
            json.setLength(0);
            json.append("{\"site_id\":").append(site);
            json.append(",\"event_time\":")
                    .append(Math.max(firstMillis, sendMillis - random.nextInt(MAX_LAG_MILLIS)));
            json.append(",\"status_code\":").append(STATUSES[random.nextInt(STATUSES.length)]);
            json.append(",\"ip_address\":\"");
            address(site);
            json.append("\",\"response_time_msec\":");
            responseTime();
            json.append(",\"bytes_sent\":").append(random.nextInt(100_000));
            json.append(",\"request_country\":\"")
                    .append(COUNTRIES[random.nextInt(COUNTRIES.length)]);
            json.append("\",\"request_id\":\"");
            hex();
            json.append("\",\"url\":\"/");
            while (json.length() < workload.bytes() - 2) {
                hex();
            }
            json.setLength(workload.bytes() - 2);
            return json.append("\"}").toString().getBytes(ISO_8859_1);
        }

        /** Each site has its own visitors, some of whom come far more often than others. */
        private void address(int site) {
            double fraction = random.nextDouble();
            int number = (int) (VISITORS * fraction * fraction);
            int visitor = site * 0x9e3779b9 + number * 0x85ebca6b;
            json.append("10.").append(visitor >>> 24).append('.');
            json.append(visitor >>> 16 & 0xff).append('.').append(visitor >>> 8 & 0xff);
        }

        /** Log-normal around 50 ms, with three decimals. */
        private void responseTime() {
            double nearNormal = random.nextDouble() + random.nextDouble() + random.nextDouble();
            long micros = (long) (50_000 * Math.exp(1.4 * (nearNormal - 1.5)));
            json.append(micros / 1_000).append('.');
            json.append((char) ('0' + micros / 100 % 10));
            json.append((char) ('0' + micros / 10 % 10));
            json.append((char) ('0' + micros % 10));
        }

        /** Sixteen digits. */
        private void hex() {
            long bits = random.nextLong();
            for (int shift = 60; shift >= 0; shift -= 4) {
                json.append(Character.forDigit((int) (bits >>> shift & 15), 16));
            }
        }
    }
}
