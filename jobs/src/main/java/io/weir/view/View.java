package io.weir.view;

import io.weir.filter.Filter;
import io.weir.filter.FilterException;
import io.weir.filter.FilterParser;
import io.weir.filter.RequestFilterFields;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A view as it counts: which requests, and under which key. */
public final class View {

    private static final String ADDRESS = "ip_address";

    private final int id;
    private final int topEntries;
    private final List<Dimension> dimensions;
    private final @Nullable Filter filter;
    private final @Nullable Set<Integer> sites;

    private View(ViewVersion version) throws FilterException {
        this.id = version.viewId();
        this.topEntries = version.topEntries();
        this.dimensions = version.dimensions().stream().map(Dimension::of).toList();
        this.filter =
                version.filter() == null
                        ? null
                        : FilterParser.parse(version.filter(), RequestFilterFields.OF_VIEWS);
        this.sites = version.sites();
        if (members().anyMatch(ADDRESS::equals)) {
            throw new IllegalArgumentException("addresses of clients are never stored");
        }
    }

    /**
     * A view.
     *
     * @throws IllegalArgumentException if this job cannot count it; the message names the view
     */
    static View of(ViewVersion version) {
        try {
            return new View(version);
        } catch (FilterException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "view_id %d cannot be counted: %s".formatted(version.viewId(), e.getMessage()),
                    e);
        }
    }

    public int id() {
        return id;
    }

    /** How many keys a row lists. */
    public int topEntries() {
        return topEntries;
    }

    /** The members of events that it asks for. */
    Stream<String> members() {
        Stream<String> ofDimensions =
                dimensions.stream().map(Dimension::member).filter(member -> !member.isEmpty());
        return filter == null
                ? ofDimensions
                : Stream.concat(ofDimensions, filter.fields().flatMap(RequestValues::memberFor));
    }

    /** The key of a request; null if it is none of the view's. */
    @Nullable ViewKey keyOf(int siteId, RequestValues request) {
        if (sites != null && !sites.contains(siteId)
                || filter != null && !filter.matches(request)) {
            return null;
        }
        return new ViewKey(
                dimensions.get(0).keyOf(request),
                dimensions.size() == 1 ? null : dimensions.get(1).keyOf(request));
    }
}
