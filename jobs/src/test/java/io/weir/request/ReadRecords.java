package io.weir.request;

/** What a reader hands on, made of what the decoder would have made of it. */
public final class ReadRecords {

    private ReadRecords() {}

    /** A record of its own, into which nothing else is read. */
    public static ReadRecord of(DecodedRecord decoded) {
        ReadRecord read = new ReadRecord();
        read.set(decoded.record());
        read.rejection = decoded.rejection();
        HttpRequest request = decoded.request();
        if (request != null) {
            read.siteId = request.siteId();
            read.eventTimeMillis = request.eventTimeMillis();
            read.statusCode = request.statusCode();
            read.hasVisitor = request.hasVisitor();
            read.visitorHash = request.hasVisitor() ? request.knownVisitorHash() : 0;
            read.responseTimeMicros = request.responseTimeMicros();
            read.bytesSent = request.bytesSent();
            read.country = request.country();
            read.idHigh = request.idHigh();
            read.idLow = request.idLow();
        }
        return read;
    }
}
