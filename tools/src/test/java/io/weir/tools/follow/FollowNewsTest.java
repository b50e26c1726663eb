package io.weir.tools.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tools.accesslog.LineRules;
import io.weir.tools.accesslog.LogFormatChoice;
import io.weir.tools.accesslog.ResponseTimeRule;
import io.weir.tools.accesslog.SiteBy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class FollowNewsTest {

    private static final String COMBINED =
            "198.51.100.7 - - [25/Oct/2026:12:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"curl\"";

    @TempDir private Path directory;

    @Test
    void saysHowALogIsReadWhenItsFirstLinesAreThere() throws IOException {
        Path log = directory.resolve("access.log");
        try (FollowedLines followed = new FollowedLines(log)) {
            List<String> told = new ArrayList<>();
            FollowNews news = new FollowNews(followed.records(), told::add);
            news.tell(List.of(followed.log()));
            assertThat(told).isEmpty();

            WrittenLog.append(log, (COMBINED + " 0.250\n").repeat(3));
            followed.look();
            news.tell(List.of(followed.log()));
            followed.look();
            news.tell(List.of(followed.log()));
            assertThat(told)
                    .containsExactly(
                            log + " is read as combined",
                            log + ": response times: read of 3 of 3 requests",
                            "  3: numbers with three decimals or more after the size, as seconds;"
                                    + " of several the largest");
            told.clear();

            WrittenLog.append(log, COMBINED + " 250\n" + COMBINED + " 251\n");
            followed.look();
            news.tell(List.of(followed.log()));
            assertThat(told).hasSize(3);
            assertThat(told.get(0)).endsWith("read of 3 of 5 requests");
            assertThat(told.get(2)).contains("2 not read", "first in line 4 of access.log");
        }
    }

    @Test
    void saysItOfAFileThatIsGoneOnWithBeforeThereIsANewLine() throws IOException {
        Path log = directory.resolve("access.log");
        WrittenLog.append(log, (COMBINED + "\n").repeat(3));
        try (FollowedLines followed = new FollowedLines(log)) {
            List<String> told = new ArrayList<>();
            followed.look().restart();
            new FollowNews(followed.records(), told::add).tell(List.of(followed.log()));
            assertThat(told)
                    .containsExactly(
                            log + " is read as combined",
                            log + ": response times: read of 0 of 3 requests");
        }
    }

    @Test
    void saysWhyTheFirstLineWasRejectedForEachReason() throws IOException {
        Path log = directory.resolve("access.log");
        try (FollowedLines followed = new FollowedLines(log)) {
            List<String> told = new ArrayList<>();
            FollowNews news = new FollowNews(followed.records(), told::add);
            WrittenLog.append(log, "no\u001b[31m request\nnone either\n");
            followed.look();
            news.tell(List.of(followed.log()));
            WrittenLog.append(log, "nor this\n\n");
            followed.look();
            news.tell(List.of(followed.log()));
            assertThat(told)
                    .containsExactly(
                            "rejected, the first for this reason: no bracketed time (expected"
                                    + " [dd/Mon/yyyy:HH:mm:ss +hhmm]); line 1 of access.log:"
                                    + " no?[31m request",
                            "rejected, the first for this reason: empty line (there is nothing in"
                                    + " it); line 4 of access.log: ");
        }
    }

    @Test
    void saysWhichHostIsWhichSite() throws IOException {
        Path log = directory.resolve("access.log");
        LineRules rules =
                new LineRules(LogFormatChoice.AUTO, ResponseTimeRule.OFF, SiteBy.HOST, null);
        try (FollowedLines followed = new FollowedLines(log, rules)) {
            List<String> told = new ArrayList<>();
            FollowNews news = new FollowNews(followed.records(), told::add);
            WrittenLog.append(log, "b.example:443 " + COMBINED + "\n");
            WrittenLog.append(log, "a.example:443 " + COMBINED + "\n");
            followed.look();
            news.tell(List.of(followed.log()));
            assertThat(told)
                    .containsExactly(
                            log + " is read as vhost_combined",
                            log + ": response times: not read (--response-time off)",
                            "site 1 is b.example",
                            "site 2 is a.example",
                            "2 hosts are sites; at most 10,000 can be",
                            "the store has no names for these sites until you give them: ./weir"
                                    + " site add ID DOMAIN");
            told.clear();
            WrittenLog.append(log, "198.51.100.9:443 " + COMBINED + "\n");
            followed.look();
            news.tell(List.of(followed.log()));
            assertThat(told).containsExactly("site 3 is 198.51.100.9");
        }
    }
}
