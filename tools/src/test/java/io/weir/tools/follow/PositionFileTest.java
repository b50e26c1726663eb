package io.weir.tools.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.tools.accesslog.SiteBy;
import io.weir.tools.connect.CommandException;
import io.weir.tools.logfile.LineMark;
import io.weir.tools.send.BatchId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionFileTest {

    private static final SavedPosition.Target TARGET =
            new SavedPosition.Target("cluster", "topic", "id", SiteBy.HOST, 7);

    @Test
    void holdsWhatWasWritten(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("new/position.json");
        PartPosition part = new PartPosition("(dev=1,ino=2)", 10, 2, new LineMark(4, 10, "ab"));
        Position position =
                new Position(
                        new BatchId(3, "x"),
                        4,
                        5,
                        Map.of("/a.log", new LogPosition(7, List.of(part))));
        SavedPosition saved =
                SavedPosition.beginning(TARGET)
                        .at(position)
                        .before(position.afterBatch(2, 9, Map.of()), List.of("a.example"));
        try (PositionFile file = PositionFile.open(path)) {
            assertThat(file.read()).isEmpty();
            file.write(SavedPosition.beginning(TARGET));
            file.write(saved);
        }
        try (PositionFile file = PositionFile.open(path)) {
            assertThat(file.read()).contains(saved);
        }
    }

    @Test
    void isOneFollowersAlone(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("position.json");
        try (PositionFile file = PositionFile.open(path)) {
            assertThat(file.read()).isEmpty();
            assertThatThrownBy(() -> PositionFile.open(path))
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining("another replay-log --follow uses the position " + path);
        }
        PositionFile.open(path).close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{}",
                "{\"version\":1",
                "{\"version\":2}",
                "[1]",
                "198.51.100.7 - - [",
                "{\"version\":1,\"follower\":\"x\",\"target\":null,\"hosts\":[],\"position\":null,\"next\":null}"
            })
    void refusesAFileOfSomethingElse(String content, @TempDir Path folder) throws IOException {
        Path path = Files.writeString(folder.resolve("position.json"), content);
        try (PositionFile file = PositionFile.open(path)) {
            assertThatThrownBy(file::read)
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining("cannot read the position " + path);
        }
    }
}
