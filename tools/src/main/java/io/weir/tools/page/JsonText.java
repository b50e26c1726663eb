package io.weir.tools.page;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * Answers as JSON: {@code {"columns": [names], "rows": [[values]]}}, times in seconds since 1970.
 */
final class JsonText {

    private final StringBuilder json = new StringBuilder();

    JsonText error(String message) {
        json.append("{\"error\":");
        text(message);
        json.append('}');
        return this;
    }

    /**
     * The rows of an answer.
     *
     * @param stepSeconds from bucket to bucket, null for what is no series of buckets
     */
    JsonText rows(ResultSet rows, @Nullable Long stepSeconds) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        json.append("{\"step\":").append(stepSeconds).append(",\"columns\":[");
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            json.append(i > 1 ? "," : "");
            text(columns.getColumnLabel(i));
        }
        json.append("],\"rows\":[");
        for (int row = 0; rows.next(); row++) {
            json.append(row > 0 ? ",[" : "[");
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                json.append(i > 1 ? "," : "");
                value(rows.getObject(i));
            }
            json.append(']');
        }
        json.append("]}");
        return this;
    }

    private void value(@Nullable Object value) {
        if (value == null) {
            json.append("null");
        } else if (value instanceof Timestamp time) {
            seconds(time);
        } else if (value instanceof BigDecimal number) {
            json.append(number.toPlainString());
        } else if (value instanceof Double number && !Double.isFinite(number)) {
            json.append("null");
        } else if (value instanceof Number || value instanceof Boolean) {
            json.append(value);
        } else {
            text(value.toString());
        }
    }

    private void seconds(Timestamp time) {
        json.append(Math.floorDiv(time.getTime(), 1000L));
    }

    private void text(String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    @Override
    public String toString() {
        return json.toString();
    }
}
