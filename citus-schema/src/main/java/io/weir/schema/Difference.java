package io.weir.schema;

/**
 * Something of a live schema that is not as it should be.
 *
 * @param subject what was looked at, by name
 * @param remedy what to do about it: a statement, a command or a sentence
 */
public record Difference(String subject, String expected, String found, String remedy) {

    @Override
    public String toString() {
        return subject + ": expected " + expected + ", found " + found + ": " + remedy;
    }
}
