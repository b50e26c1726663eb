package io.weir.tools.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A JobManager's REST interface, read only. */
final class FlinkRest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI address;
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    FlinkRest(URI address) {
        this.address = address;
    }

    URI address() {
        return address;
    }

    /**
     * What is at the path.
     *
     * @throws IOException when there is no answer, or none that is JSON
     */
    JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve(path)).timeout(PATIENCE).build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(path + " answers " + response.statusCode());
        }
        return JSON.readTree(response.body());
    }
}
