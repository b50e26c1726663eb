package io.weir.agent;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Families of browsers, and what they run on. */
final class Browsers {

    /** Browsers name those that they descend from, so the first of these that is there counts. */
    private static final String[][] FAMILIES = {
        {"Edg/", "Edge"},
        {"Edge/", "Edge"},
        {"EdgA/", "Edge"},
        {"EdgiOS/", "Edge"},
        {"OPR/", "Opera"},
        {"OPT/", "Opera"},
        {"OPiOS/", "Opera"},
        {"Opera", "Opera"},
        {"SamsungBrowser/", "Samsung Internet"},
        {"YaBrowser/", "Yandex Browser"},
        {"Vivaldi/", "Vivaldi"},
        {"Brave/", "Brave"},
        {"DuckDuckGo/", "DuckDuckGo"},
        {"Ddg/", "DuckDuckGo"},
        {"UCBrowser/", "UC Browser"},
        {"MiuiBrowser/", "Mi Browser"},
        {"HuaweiBrowser/", "Huawei Browser"},
        {"Whale/", "Whale"},
        {"QQBrowser/", "QQ Browser"},
        {"MicroMessenger/", "WeChat"},
        {"Silk/", "Silk"},
        {"Instagram", "Instagram"},
        {"FBAN/", "Facebook"},
        {"FBAV/", "Facebook"},
        {"GSA/", "Google app"},
        {"FxiOS/", "Firefox"},
        {"Focus/", "Firefox"},
        {"SeaMonkey/", "SeaMonkey"},
        {"PaleMoon/", "Pale Moon"},
        {"Firefox/", "Firefox"},
        {"Iceweasel/", "Firefox"},
        {"CriOS/", "Chrome"},
        {"Chromium/", "Chrome"},
        {"Chrome/", "Chrome"},
        {"MSIE ", "Internet Explorer"},
        {"Trident/", "Internet Explorer"},
        {"Konqueror/", "Konqueror"},
        {"Epiphany/", "Epiphany"},
        {"Android", "Android Browser"},
        {"BlackBerry", "BlackBerry"},
        {"Safari/", "Safari"},
        {"iPhone", "Safari"},
        {"iPad", "Safari"},
        {"Camino/", "Camino"},
        {"Galeon/", "Galeon"},
        {"Thunderbird/", "Thunderbird"},
        {"Minefield/", "Firefox"},
        {"Netscape/", "Netscape"},
    };

    /** Browsers that show text, and those that never claimed to be Mozilla. */
    private static final Map<String, String> BY_BEGINNING =
            Map.of(
                    "Lynx/", "Lynx",
                    "w3m/", "w3m",
                    "Links ", "Links",
                    "ELinks", "ELinks",
                    "Dillo/", "Dillo",
                    "NetSurf/", "NetSurf",
                    "BlackBerry", "BlackBerry",
                    "UCWEB/", "UC Browser",
                    "Nokia", "Nokia");

    /** The first that is there counts, too. */
    private static final String[][] DEVICES = {
        {"SmartTV", "tv"},
        {"SMART-TV", "tv"},
        {"Smart-TV", "tv"},
        {"AppleTV", "tv"},
        {"GoogleTV", "tv"},
        {"Android TV", "tv"},
        {"Web0S", "tv"},
        {"BRAVIA", "tv"},
        {"HbbTV", "tv"},
        {"CrKey", "tv"},
        {"PlayStation", "console"},
        {"PLAYSTATION", "console"},
        {"Xbox", "console"},
        {"Nintendo", "console"},
        {"iPad", "tablet"},
        {"Tablet;", "tablet"},
        {"Kindle", "tablet"},
        {"Silk/", "tablet"},
        {"PlayBook", "tablet"},
        {"iPhone", "phone"},
        {"iPod", "phone"},
        {"Mobile", "phone"},
        {"Opera Mini", "phone"},
        {"Opera Mobi", "phone"},
        {"BlackBerry", "phone"},
        {"Symbian", "phone"},
        {"Nokia", "phone"},
        {"UCWEB/", "phone"},
        {"Android", "tablet"},
        {"Windows", "desktop"},
        {"Macintosh", "desktop"},
        {"Mac_PowerPC", "desktop"},
        {"X11", "desktop"},
        {"CrOS", "desktop"},
        {"Linux", "desktop"},
        {"BSD", "desktop"},
    };

    private Browsers() {}

    /** The browser; null if it is none. */
    static @Nullable Agent find(String userAgent) {
        String family = familyOf(userAgent);
        return family == null ? null : Agent.browser(family, first(DEVICES, userAgent));
    }

    private static @Nullable String familyOf(String userAgent) {
        if (userAgent.startsWith("Mozilla/") || userAgent.startsWith("Opera/")) {
            return first(FAMILIES, userAgent);
        }
        for (Map.Entry<String, String> browser : BY_BEGINNING.entrySet()) {
            if (userAgent.startsWith(browser.getKey())) {
                return browser.getValue();
            }
        }
        return null;
    }

    private static @Nullable String first(String[][] named, String userAgent) {
        for (String[] each : named) {
            if (userAgent.contains(each[0])) {
                return each[1];
            }
        }
        return null;
    }
}
