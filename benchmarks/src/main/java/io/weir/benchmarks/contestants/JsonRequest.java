package io.weir.benchmarks.contestants;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * A plain request as Jackson fills it in and as Flink's fastest serializer for such types wants it:
 * a class of public fields, no record.
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public final class JsonRequest {

    public int siteId;

    /** Epoch milliseconds. */
    public long eventTime;

    public int statusCode;
    public String ipAddress = "";
    public double responseTimeMsec;
    public long bytesSent;
    public String requestCountry = "";
    public String url = "";
}
