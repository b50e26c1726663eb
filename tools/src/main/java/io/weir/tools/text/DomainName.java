package io.weir.tools.text;

import java.net.IDN;

/** Names of hosts. */
public final class DomainName {

    private DomainName() {}

    /** An international name in ASCII (xn--...). What is no domain at all stays as it is. */
    public static String ascii(String domain) {
        try {
            return IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES);
        } catch (IllegalArgumentException e) {
            return domain;
        }
    }
}
