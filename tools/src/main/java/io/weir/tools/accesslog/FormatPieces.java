package io.weir.tools.accesslog;

import java.util.ArrayList;
import java.util.List;

/** A format string taken apart: fields, and the texts before, between and after them. */
final class FormatPieces {

    private final List<FormatField> fields = new ArrayList<>();
    private final List<StringBuilder> texts = new ArrayList<>(List.of(new StringBuilder()));

    void text(char character) {
        texts.get(texts.size() - 1).append(character);
    }

    void field(FieldKind kind, int rank, String written) {
        fields.add(new FormatField(kind, rank, written));
        texts.add(new StringBuilder());
    }

    /** What a backslash and this character stand for in the configuration of a server. */
    void escaped(char character) {
        switch (character) {
            case 't' -> text('\t');
            case '"', '\'', '\\' -> text(character);
            default -> {
                text('\\');
                text(character);
            }
        }
    }

    List<FormatField> fields() {
        return fields;
    }

    /** What stands after the field of this index, or before the first one for -1. */
    String textAfter(int field) {
        return texts.get(field + 1).toString();
    }

    /** With path and query as one field where nothing stands between them. */
    FormatPieces withTargets() {
        FormatPieces joined = new FormatPieces();
        textAfter(-1).chars().forEach(character -> joined.text((char) character));
        int i = 0;
        while (i < fields.size()) {
            FormatField field = fields.get(i);
            int last = field.kind() == FieldKind.PATH ? lastOfTarget(i) : i;
            if (last > i) {
                StringBuilder written = new StringBuilder();
                fields.subList(i, last + 1).forEach(part -> written.append(part.written()));
                joined.field(FieldKind.TARGET, field.rank(), written.toString());
            } else {
                joined.field(field.kind(), field.rank(), field.written());
            }
            textAfter(last).chars().forEach(character -> joined.text((char) character));
            i = last + 1;
        }
        return joined;
    }

    /** The query that follows a path at once, with {@code $is_args} before it or not. */
    private int lastOfTarget(int path) {
        int last = path;
        while (last + 1 < fields.size()
                && textAfter(last).isEmpty()
                && (fields.get(last + 1).kind() == FieldKind.QUERY
                        || fields.get(last + 1).written().contains("is_args"))) {
            last++;
        }
        return last;
    }
}
