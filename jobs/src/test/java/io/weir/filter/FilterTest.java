package io.weir.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {

    private static final Map<String, FieldType> FIELDS =
            Map.of(
                    "status", FieldType.NUMBER,
                    "response_time_msec", FieldType.NUMBER,
                    "url", FieldType.TEXT,
                    "host", FieldType.TEXT);

    /** Without a host, and never timed. */
    private static final Map<String, Value> REQUEST =
            Map.of(
                    "status", number("503"),
                    "url", new Value.OfText("/api/v1/it's?q=100%"),
                    "field:Tier", new Value.OfText("gold"),
                    "field:retry", new Value.OfBoolean(true),
                    "field:size", number("12.50"));

    private static Value number(String number) {
        return new Value.OfNumber(new BigDecimal(number));
    }

    private static boolean matches(String filter) throws FilterException {
        return FilterParser.parse(filter, FIELDS).matches(REQUEST::get);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status >= 500",
                "status=503",
                "STATUS > 502.9 AND status < 503.1",
                "status <> 200",
                "status != 200",
                "status <= 503",
                "status in (404, 503)",
                "status not in (200, 404)",
                "url like '/api/%'",
                "url like '%it''s%'",
                "url like '/api/v_/%'",
                "url not like '/static/%'",
                "url = '/api/v1/it''s?q=100%'",
                "url > '/api'",
                "host is null",
                "url is not null",
                "not status = 200",
                "not (status = 200 or status = 404)",
                "field:Tier = 'gold'",
                "field:retry = true",
                "field:retry <> FALSE",
                "field:size = 12.5",
                "field:size > -1",
                "field:none is null",
                // and binds more closely than or
                "status = 503 or status = 200 and url = 'x'",
                "status = 503\n\tor\u00a0status = 200",
                // what is not known is neither true nor false, but one true part is enough
                "host = 'a' or status = 503"
            })
    void matchesWhatIsTrue(String filter) throws FilterException {
        assertThat(matches(filter.replace('\u00a0', ' '))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status < 500",
                "(status = 503 or status = 200) and url = 'x'",
                "url like '/api'",
                "url like '/API/%'",
                "url like ''",
                "url like '_'",
                "host = 'a'",
                "host <> 'a'",
                "not host = 'a'",
                "host like '%'",
                "host not like 'a%'",
                "host not in ('a')",
                "response_time_msec < 100",
                "not response_time_msec < 100",
                "field:tier = 'gold'",
                "field:Tier = 1",
                "field:Tier <> 1",
                "field:retry = 'true'",
                "field:size like '%'",
                "status = 503 and host = 'a'"
            })
    void leavesOutWhatIsFalseOrNotKnown(String filter) throws FilterException {
        assertThat(matches(filter)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "statuss >= 500 | 1: there is no field 'statuss': use one of host, response_time_msec, status, url, or field:NAME",
                "field: = 1 | 1: there is no field 'field:'",
                "status >= 'abc' | 11: status cannot be compared with 'abc': give a number, such as 500",
                "url = 5 | 7: url cannot be compared with '5': give text in single quotes",
                "status = true | 10: status cannot be compared with 'true'",
                "status in (1, 'a') | 15: status cannot be compared with 'a'",
                "status like '5%' | 13: status is a number: compare it by =, <>",
                "status >= | 10: found the end: expected a number, such as 500",
                "status | 7: found the end: expected =, <>, <, <=, >, >=, 'like', 'in' or 'is null'",
                "status ! 5 | 8: found '!': expected =, <>",
                "status == 5 | 9: found '=': expected a number",
                "status >= 500 and | 18: found the end: expected a field, 'not' or '('",
                "status >= 500 url = 'a' | 15: found 'url': expected 'and', 'or' or the end",
                "(status >= 500 | 15: found the end: expected ')'",
                "status >= 500) | 14: found ')': expected 'and', 'or' or the end",
                "status in () | 12: found ')': expected a number",
                "status in 5 | 11: found '5': expected '('",
                "url is 'a' | 8: found 'a': expected 'null'",
                "url not = 'a' | 9: found '=': expected 'like' or 'in'",
                "url like 5 | 10: found '5': expected a pattern in single quotes",
                "url = 'a | 7: the text has no end: close it by a quote",
                "url = \"a\" | 7: '\"' is not part of a filter: write texts in single quotes",
                "status >= 5e3 | 11: '5e3' is not a number: write it as 500 or 12.5",
                "status >= 0x1f | 11: '0x1f' is not a number",
                "status = 11111111111111111111111111111111111111111 | 10: '1111111111111111111111111111111111111111...' is not a number: write it as 500 or 12.5, with at most 40 characters",
                "status >= 500; drop table site | 14: ';' is not part of a filter",
                "status >= 500 -- | 15: '--' is not a number",
                "lower(url) = 'a' | 1: there is no field 'lower'",
                "'' | 1: found '': expected a field"
            })
    void saysWhereAFilterIsWrongAndWhatWouldDo(String filter, String message) {
        assertThatThrownBy(() -> FilterParser.parse(filter, FIELDS))
                .isInstanceOf(FilterException.class)
                .hasMessageStartingWith("at character " + message);
    }

    @Test
    void anEmptyFilterIsRefused() {
        assertThatThrownBy(() -> FilterParser.parse(" ", FIELDS))
                .hasMessage("at character 2: found the end: expected a field, 'not' or '('");
    }

    @Test
    void messagesShowNothingThatATerminalObeys() {
        assertThatThrownBy(() -> FilterParser.parse("status = '\u001b[31m\u202e'", FIELDS))
                .hasMessageContaining("'?[31m?'");
        assertThatThrownBy(() -> FilterParser.parse("\u001b", FIELDS)).hasMessageContaining("'?'");
    }

    @Test
    void nestingHasALimit() throws FilterException {
        int most = FilterParser.MAX_DEPTH - 1;
        assertThat(matches("(".repeat(most) + "status = 503" + ")".repeat(most))).isTrue();
        for (String deeper : new String[] {"(", "not ", "not ("}) {
            assertThatThrownBy(
                            () ->
                                    FilterParser.parse(
                                            deeper.repeat(most + 1) + "status = 1", FIELDS))
                    .hasMessageContaining("more than 50 parentheses and 'not' within each other");
        }
    }

    @Test
    void lengthHasALimit() throws FilterException {
        String most = "status = 503" + " or status = 1".repeat(142);
        assertThat(most).hasSize(2_000);
        assertThat(matches(most)).isTrue();
        assertThatThrownBy(() -> FilterParser.parse(most + " ", FIELDS))
                .hasMessage(
                        "at character 2001: the filter has 2001 characters: shorten it to 2000");
    }

    /** Going back to every percent sign would take for ever. */
    @Test
    void aHostilePatternIsMatchedInTime() throws FilterException {
        Filter filter = FilterParser.parse("url like '" + "%a".repeat(900) + "%b'", FIELDS);
        Value url = new Value.OfText("a".repeat(100_000));

        assertThat(filter.matches(field -> url)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "abc, abc, true",
        "a%c, abbbc, true",
        "a%c, ac, true",
        "%, '', true",
        "%%, x, true",
        "_%_, ab, true",
        "_%_, a, false",
        "a%b%c, axbxbxc, true",
        "a%b%c, axbxbx, false",
        "%ab, aab, true",
        "%ab, aba, false",
        "a.c, abc, false"
    })
    void aPatternMatchesAsInSql(String pattern, String text, boolean matches) {
        assertThat(new LikePattern(pattern).matches(text)).isEqualTo(matches);
    }
}
