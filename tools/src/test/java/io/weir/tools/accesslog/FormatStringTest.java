package io.weir.tools.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is understood of format strings, and why others are refused. */
class FormatStringTest {

    @Test
    void saysWhatOfAFormatIsRead() {
        assertThat(
                        description(
                                "%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\" %D"))
                .isEqualTo(
                        "client %h, time %t, request %r, status %>s, size %O, response time %D, host %v,"
                                + " referrer %{Referer}i, user agent %{User-Agent}i, not read: %p %l %u");
        assertThat(
                        description(
                                "$remote_addr - [$time_local] \"$request_method $uri$is_args$args\" $status"
                                        + " \"$http_x_forwarded_for\" $my_own"))
                .isEqualTo(
                        "client $http_x_forwarded_for, otherwise $remote_addr,"
                                + " time $time_local, request $uri$is_args$args, status $status, no size,"
                                + " no response time, no host, method $request_method, not read: $my_own");
    }

    @Test
    void readsOneOfSeveralFieldsForTheSame() {
        assertThat(description("%h %a %s %>s %O %b %T %{ms}T %D %v %V %{Host}i %U%q \"%r\" %t"))
                .isEqualTo(
                        "client %a, time %t, request %r, status %>s, size %b, response time %D, host %V,"
                                + " not read: %h %s %O %T %{ms}T %v %{Host}i %U%q");
        assertThat(description("%{end:sec}t %{begin:%s}t %{%Y}t %s"))
                .startsWith("no client, time %{begin:%s}t %{%Y}t,")
                .endsWith("not read: %{end:sec}t");
        assertThat(
                        description(
                                "$upstream_response_time $request_time $server_name $http_host $bytes_sent"
                                        + " $body_bytes_sent $uri $request_uri $msec $status"))
                .isEqualTo(
                        "no client, time $msec, request $request_uri, status $status, size"
                                + " $body_bytes_sent, response time $request_time, host $http_host, not read:"
                                + " $upstream_response_time $server_name $bytes_sent $uri");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "%h \"%r\" %>s %b|it has no time: Apache's is %t, nginx's is $time_local",
                "$remote_addr \"$request\" $status|it has no time: Apache's is %t, nginx's is $time_local",
                "%h %t \"%r\" %b|it has no status: Apache's is %>s, nginx's is $status",
                "%h %t %Z %>s|unknown directive %Z",
                "%h %t %>s %|unknown directive %",
                "%h %t %>s %{ms|no } after %{ms",
                "%h %t %>s %{min}T|unknown unit in %{min}T: Apache has s, ms and us",
                "%t%h%l %>s|there is nothing between %h and %l, so it is not clear where the first one ends",
                "[$time_local] $status $host$uri$args|",
                "$time_local $remote_addr$status|there is nothing between $remote_addr and $status, so it is not clear where the first one ends",
                "$time_local $status $|there is no variable name after $ in $",
                "LogFormat \"%h %t\" x|give only what is in quotation marks after LogFormat",
                "log_format main '$status'|give only what is in quotation marks after log_format",
                "%{%Y-%m-%d %H:%M:%S}t %>s|its time has no zone: a time needs date, hour, minute, second and zone (%z)",
                "%{%H:%M:%S %z}t %>s|its time has no year: a time needs date, hour, minute, second and zone (%z)",
                "%{%Y-%m %T %z}t %>s|its time has no day: a time needs date, hour, minute, second and zone (%z)",
                "%{%y}t %>s|`%y in %{%y}t is not read: of strftime's, Y m b d e a H M S T F R z s are`"
            })
    void refusesWhatCannotBeReadAndSaysWhy(String format, String why) {
        if (why == null) {
            assertThat(description(format)).contains("request $uri$args");
        } else {
            assertThatThrownBy(() -> FormatString.of(format))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(why);
        }
    }

    private static String description(String format) {
        return FormatString.of(format).description();
    }
}
