package io.weir.tools.cli;

import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a number of an argument, and refuses others in words of people.
 *
 * @param parse answers the number or throws {@link NumberFormatException}
 */
record WholeNumber<T>(Function<String, T> parse) implements ITypeConverter<T> {

    @Override
    public T convert(String text) {
        try {
            return parse.apply(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException(
                    "'"
                            + text
                            + (text.matches("[+-]?\\d+")
                                    ? "' is too large a number"
                                    : "' is not a whole number"));
        }
    }
}
