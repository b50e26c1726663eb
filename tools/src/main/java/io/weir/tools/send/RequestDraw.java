package io.weir.tools.send;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes up valid requests that look like those of real visitors of real websites.
 *
 * @param requests how many there are of all sites
 * @param startMillis the earliest event time
 * @param endMillis above the latest event time
 */
record RequestDraw(Sites sites, long requests, long startMillis, long endMillis) {

    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;

    private static final List<String> COUNTRIES =
            weighted(
                    "US 24 IN 12 BR 10 DE 8 GB 6 FR 6 JP 6 ID 5 MX 4 CA 3 ES 3 IT 3 PL 2 NL 2 TR 2"
                            + " AR 2 VN 2 KR 2 AU 2 NG 2 EG 1 ZA 1 CO 1 SE 1 CH 1 PT 1 UA 1 PH 1 TH 1"
                            + " KE 1 NO 1 CL 1 PE 1 AT 1 BE 1 DK 1 FI 1 IE 1 NZ 1 IS 1");
    private static final List<String> STATUSES =
            weighted(
                    "200 842 304 50 301 20 302 15 204 10 206 10 404 34 403 6 400 4 429 4 500 3 502 1"
                            + " 503 1");
    private static final List<String> UNKNOWN_COUNTRIES = List.of("XX", "T1", "ZZ", "");
    private static final int[] DECIMALS = {0, 1, 2, 3, 3, 3, 3, 4, 5, 6};

    GeneratedRequest draw(long sendTimeMillis, long requestId, Draws draws) {
        int site = sites.drawSite(draws);
        long visitor = sites.drawVisitor(site, requests, draws);
        int status = status(site, draws);
        return new GeneratedRequest(
                site,
                eventTime(sendTimeMillis, draws),
                status,
                draws.oneIn(50) ? null : address(visitor),
                draws.oneIn(25) ? null : responseNanos(site, draws),
                draws.oneIn(50) ? null : bytesSent(site, status, draws),
                country(visitor, draws),
                new String(new JsonBuffer().hex(requestId).toBytes(), US_ASCII),
                url(draws));
    }

    /**
     * Most requests arrive within two seconds. Some are out of order by up to 45 s, some come after
     * the end of their minute but within the lateness, and one in 200 comes when it is nearly or
     * really too late. A few clocks are ahead.
     */
    private long eventTime(long sendTimeMillis, Draws draws) {
        int kind = draws.below(10_000);
        double fraction = draws.fraction();
        long delay;
        if (kind < 9_000) {
            delay = (long) (fraction * fraction * 2 * SECOND);
        } else if (kind < 9_700) {
            delay = (long) (fraction * 45 * SECOND);
        } else if (kind < 9_900) {
            delay = MINUTE + (long) (fraction * 8 * MINUTE);
        } else if (kind < 9_930) {
            delay = 9 * MINUTE + (long) (fraction * 3 * MINUTE);
        } else if (kind < 9_950) {
            delay = 11 * MINUTE + (long) (fraction * 79 * MINUTE);
        } else if (kind < 9_999) {
            delay = -(long) (fraction * SECOND);
        } else {
            delay = -(long) (fraction * 4 * MINUTE);
        }
        long eventTime = Math.min(sendTimeMillis - delay, endMillis - 1);
        return eventTime < startMillis ? sendTimeMillis : eventTime;
    }

    private int status(int site, Draws draws) {
        if (sites.isFailing(site) && draws.oneIn(8)) {
            return draws.oneIn(3) ? 500 : 503;
        }
        if (draws.oneIn(5_000)) {
            return 100 + draws.below(500);
        }
        return Integer.parseInt(draws.oneOf(STATUSES));
    }

    private static String address(long visitor) {
        int kind = (int) (visitor & 63);
        int number = (int) (visitor >>> 8);
        if (kind == 0) {
            return "host-" + (number & 0xFFFFFF) + ".example.net";
        }
        if (kind < 16) {
            return "2001:db8:"
                    + Integer.toHexString(number & 0xFFF)
                    + "::"
                    + Integer.toHexString((number >>> 12) & 0xFFFF)
                    + ":"
                    + Integer.toHexString((int) (visitor >>> 48));
        }
        // addresses that no real visitor can have: of shared carriers, and of benchmarks
        String network =
                kind < 56
                        ? "100." + (64 + (number >>> 16 & 63))
                        : "198." + (18 + (number >>> 16 & 1));
        return network + '.' + (number >>> 8 & 255) + '.' + (number & 255);
    }

    /** Log-normal, and now and then a slow one. The last site has the borders of what is valid. */
    private long responseNanos(int site, Draws draws) {
        if (isOddSite(site) && draws.oneIn(20)) {
            return draws.oneIn(2) ? 0 : 86_400_000_000_000L;
        }
        double nanos = sites.medianResponseNanos(site) * StrictMath.exp(0.7 * draws.nearNormal());
        double slower = draws.oneIn(200) ? 20 : 1;
        int decimals = DECIMALS[draws.below(DECIMALS.length)];
        long unit = (long) Math.pow(10, 6 - decimals); // exact, as all powers that a double holds
        return (long) (nanos * slower) / unit * unit;
    }

    private long bytesSent(int site, int status, Draws draws) {
        if (status == 204 || status == 304) {
            return 0;
        }
        if (isOddSite(site) && draws.oneIn(20)) {
            return 1L << 40;
        }
        return (long) (6_000 * StrictMath.exp(1.5 * draws.nearNormal()));
    }

    private boolean isOddSite(int site) {
        return site == sites.last() && site > 1;
    }

    private static @Nullable String country(long visitor, Draws draws) {
        if (draws.oneIn(33)) {
            return null;
        }
        if (draws.oneIn(100)) {
            return draws.oneOf(UNKNOWN_COUNTRIES);
        }
        return COUNTRIES.get((int) ((visitor >>> 40) % COUNTRIES.size()));
    }

    private static String url(Draws draws) {
        int number = draws.below(5_000);
        return switch (draws.below(8)) {
            case 0 -> "/";
            case 1 -> "/products/" + number + "?ref=newsletter";
            case 2 -> "/articles/2026/01/" + number + "-opening-hours";
            case 3 -> "/search?q=caf%C3%A9+" + number + "&page=2";
            case 4 -> "/static/app." + Integer.toHexString(number * 7919) + ".js";
            case 5 -> "/images/" + number + "/cover-640.webp";
            case 6 -> "/api/v1/basket/" + number + "/items";
            default -> draws.oneIn(20) ? "/größe/\"" + number + "\"" : "/account/orders/" + number;
        };
    }

    /** {@code "A 2 B 1"} becomes A, A, B. */
    private static List<String> weighted(String textsAndWeights) {
        List<String> parts = List.of(textsAndWeights.split(" ", -1));
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < parts.size(); i += 2) {
            for (int n = Integer.parseInt(parts.get(i + 1)); n > 0; n--) {
                texts.add(parts.get(i));
            }
        }
        return List.copyOf(texts);
    }
}
