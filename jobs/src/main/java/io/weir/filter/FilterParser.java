package io.weir.filter;

import io.weir.filter.FilterScanner.Kind;
import io.weir.filter.FilterScanner.Token;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Reads filters.
 *
 * <pre>
 * filter     = all { "or" all }
 * all        = term { "and" term }
 * term       = "not" term | "(" filter ")" | condition
 * condition  = field operator value
 *            | field [ "not" ] "like" text
 *            | field [ "not" ] "in" "(" value { "," value } ")"
 *            | field "is" [ "not" ] "null"
 * operator   = "=" | "&lt;&gt;" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;="
 * value      = number | text | "true" | "false"
 * field      = one that is known | "field:" name
 * </pre>
 *
 * <p>Keywords are in upper or lower case. Of a filter's size there are limits, and it says nothing
 * that could be run.
 */
public final class FilterParser {

    /** In characters. */
    public static final int MAX_LENGTH = 2_000;

    /** Of parentheses and "not" within each other. */
    static final int MAX_DEPTH = 50;

    /** What begins the name of a member that Weir does not know. */
    public static final String MEMBER = "field:";

    private final Map<String, FieldType> fields;
    private final FilterScanner scanner;
    private Token token;
    private int depth;

    private FilterParser(String filter, Map<String, FieldType> fields) throws FilterException {
        this.fields = fields;
        this.scanner = new FilterScanner(filter);
        this.token = scanner.next();
    }

    /**
     * Reads a filter.
     *
     * @param fields what it may ask for, beside {@code field:NAME}
     * @throws FilterException saying where it is wrong, and what would be accepted
     */
    public static Filter parse(String filter, Map<String, FieldType> fields)
            throws FilterException {
        if (filter.length() > MAX_LENGTH) {
            throw new FilterException(
                    MAX_LENGTH,
                    "the filter has %d characters: shorten it to %d"
                            .formatted(filter.length(), MAX_LENGTH));
        }
        FilterParser parser = new FilterParser(filter, fields);
        Filter parsed = parser.anyOf();
        if (parser.token.kind() != Kind.END) {
            throw parser.unexpected("'and', 'or' or the end");
        }
        return parsed;
    }

    private Filter anyOf() throws FilterException {
        List<Filter> parts = new ArrayList<>();
        do {
            parts.add(allOf());
        } while (skipWord("or"));
        return parts.size() == 1 ? parts.get(0) : new Filter.Or(parts);
    }

    private Filter allOf() throws FilterException {
        List<Filter> parts = new ArrayList<>();
        do {
            parts.add(term());
        } while (skipWord("and"));
        return parts.size() == 1 ? parts.get(0) : new Filter.And(parts);
    }

    private Filter term() throws FilterException {
        if (++depth > MAX_DEPTH) {
            throw new FilterException(
                    token.position(),
                    "more than %d parentheses and 'not' within each other: leave some out"
                            .formatted(MAX_DEPTH));
        }
        Filter term;
        if (skipWord("not")) {
            term = new Filter.Not(term());
        } else if (skipSign("(")) {
            term = anyOf();
            requireSign(")");
        } else {
            term = condition();
        }
        depth--;
        return term;
    }

    private Filter condition() throws FilterException {
        Token name = token;
        FieldType type = typeOf(name);
        advance();
        String field = nameOf(name);
        if (skipWord("is")) {
            boolean isNot = skipWord("not");
            if (!skipWord("null")) {
                throw unexpected("'null'");
            }
            return negated(isNot, new Filter.IsNull(field));
        }
        boolean isNot = skipWord("not");
        if (skipWord("like")) {
            return negated(isNot, like(field, type));
        }
        if (skipWord("in")) {
            return negated(isNot, oneOf(field, type));
        }
        Operator operator = Operator.of(token.text());
        if (isNot || token.kind() != Kind.SIGN || operator == null) {
            throw unexpected(
                    isNot ? "'like' or 'in'" : "=, <>, <, <=, >, >=, 'like', 'in' or 'is null'");
        }
        advance();
        return new Filter.Comparison(field, operator, value(field, type));
    }

    private static Filter negated(boolean isNot, Filter filter) {
        return isNot ? new Filter.Not(filter) : filter;
    }

    private Filter like(String field, FieldType type) throws FilterException {
        if (type == FieldType.NUMBER) {
            throw new FilterException(
                    token.position(), field + " is a number: compare it by =, <>, <, <=, > or >=");
        }
        if (token.kind() != Kind.TEXT) {
            throw unexpected("a pattern in single quotes, such as '/api/%'");
        }
        LikePattern pattern = new LikePattern(token.text());
        advance();
        return new Filter.Like(field, pattern);
    }

    private Filter oneOf(String field, FieldType type) throws FilterException {
        requireSign("(");
        List<Filter> parts = new ArrayList<>();
        do {
            parts.add(new Filter.Comparison(field, Operator.EQUAL, value(field, type)));
        } while (skipSign(","));
        requireSign(")");
        return new Filter.Or(parts);
    }

    private Value value(String field, FieldType type) throws FilterException {
        Value value;
        if (token.kind() == Kind.NUMBER) {
            value = new Value.OfNumber(new BigDecimal(token.text()));
        } else if (token.kind() == Kind.TEXT) {
            value = new Value.OfText(token.text());
        } else if (token.isWord("true") || token.isWord("false")) {
            value = new Value.OfBoolean(token.isWord("true"));
        } else {
            throw unexpected(type.accepted());
        }
        if (!type.accepts(value)) {
            throw new FilterException(
                    token.position(),
                    "%s cannot be compared with %s: give %s"
                            .formatted(field, token.shown(), type.accepted()));
        }
        advance();
        return value;
    }

    private FieldType typeOf(Token name) throws FilterException {
        if (name.kind() != Kind.WORD) {
            throw unexpected("a field, 'not' or '('");
        }
        FieldType type =
                name.text().startsWith(MEMBER) && name.text().length() > MEMBER.length()
                        ? FieldType.ANY
                        : fields.get(nameOf(name));
        if (type == null) {
            throw new FilterException(
                    name.position(),
                    "there is no field %s: use one of %s, or %sNAME for another member of the event"
                            .formatted(
                                    name.shown(),
                                    String.join(", ", new TreeSet<>(fields.keySet())),
                                    MEMBER));
        }
        return type;
    }

    /** Names of members are as they are; all others are in lower case. */
    private static String nameOf(Token name) {
        return name.text().startsWith(MEMBER) ? name.text() : name.text().toLowerCase(Locale.ROOT);
    }

    private boolean skipWord(String keyword) throws FilterException {
        boolean isNext = token.isWord(keyword);
        if (isNext) {
            advance();
        }
        return isNext;
    }

    private boolean skipSign(String sign) throws FilterException {
        boolean isNext = token.isSign(sign);
        if (isNext) {
            advance();
        }
        return isNext;
    }

    private void requireSign(String sign) throws FilterException {
        if (!skipSign(sign)) {
            throw unexpected("'" + sign + "'");
        }
    }

    private void advance() throws FilterException {
        token = scanner.next();
    }

    private FilterException unexpected(String expected) {
        return new FilterException(
                token.position(), "found " + token.shown() + ": expected " + expected);
    }
}
