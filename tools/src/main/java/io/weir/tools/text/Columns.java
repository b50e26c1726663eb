package io.weir.tools.text;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

/** A table for a terminal, each column as wide as its widest cell. */
public final class Columns {

    private static final int GAP = 2;

    private Columns() {}

    /**
     * The table, ending with a line break.
     *
     * @param rows each with as many cells as there are headings
     */
    public static String of(List<String> headings, List<List<String>> rows) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(headings);
        lines.addAll(rows);
        Column[] columns = new Column[headings.size()];
        for (int i = 0; i < columns.length; i++) {
            int column = i;
            int widest = lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
            columns[i] = new Column(widest + GAP, 0, Column.Overflow.SPAN);
        }
        TextTable table = TextTable.forColumns(Help.defaultColorScheme(Ansi.OFF), columns);
        lines.forEach(line -> table.addRowValues(line.toArray(String[]::new)));
        return table.toString();
    }

    /**
     * A table of numbers, whose cells end below each other: picocli aligns to the left.
     *
     * @param table the headings first
     */
    public static String ofNumbers(List<List<String>> table) {
        List<List<String>> lines = new ArrayList<>();
        table.forEach(line -> lines.add(new ArrayList<>(line)));
        for (int i = 0; i < table.get(0).size(); i++) {
            int column = i;
            int widest = table.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
            lines.forEach(
                    line ->
                            line.set(
                                    column,
                                    " ".repeat(widest - line.get(column).length())
                                            + line.get(column)));
        }
        return of(lines.get(0), lines.subList(1, lines.size()));
    }
}
