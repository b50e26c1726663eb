package io.weir.tools.send;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Writes the ledger as RFC 4180: header, rows sorted by key, times in UTC. */
final class LedgerCsv {

    private LedgerCsv() {}

    static void writeSiteMinutes(Path file, List<SentSiteMinute> siteMinutes) throws IOException {
        String[] header = {
            "site_id",
            "bucket",
            "request_count",
            "success_count",
            "error_count",
            "timed_count",
            "response_time_sum_usec",
            "response_time_max_usec",
            "bytes_sum",
            "country_counters",
            "status_counters",
            "distinct_ip_address_exact"
        };
        try (BufferedWriter writer = Files.newBufferedWriter(file);
                CSVPrinter csv = new CSVPrinter(writer, withHeader(header))) {
            for (SentSiteMinute sent : siteMinutes) {
                csv.printRecord(
                        sent.siteId(),
                        Instant.ofEpochMilli(sent.minuteMillis()),
                        sent.requestCount(),
                        sent.successCount(),
                        sent.errorCount(),
                        sent.timedCount(),
                        sent.responseTimeSumMicros(),
                        sent.responseTimeMaxMicros(),
                        sent.bytesSum(),
                        sent.countryCounters(),
                        sent.statusCounters(),
                        sent.distinctIpAddresses());
            }
        }
    }

    static void writeTotals(Path file, Map<String, Long> totals) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file);
                CSVPrinter csv = new CSVPrinter(writer, withHeader("outcome", "records"))) {
            for (Map.Entry<String, Long> total : totals.entrySet()) {
                csv.printRecord(total.getKey(), total.getValue());
            }
        }
    }

    private static CSVFormat withHeader(String... header) {
        return CSVFormat.RFC4180.builder().setHeader(header).get();
    }
}
