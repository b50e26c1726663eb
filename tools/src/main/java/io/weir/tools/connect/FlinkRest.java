package io.weir.tools.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Objects;

/** A JobManager's REST interface, read only. */
public final class FlinkRest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI address;
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    public FlinkRest(URI address) {
        this.address = address;
    }

    public URI address() {
        return address;
    }

    /**
     * What is at the path.
     *
     * @throws UnexpectedAnswerException when the answer is none of Flink's
     * @throws IOException when there is no answer; the message says why
     */
    public JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve(path)).timeout(PATIENCE).build();
        HttpResponse<String> response = send(request);
        if (response.statusCode() != 200) {
            throw new UnexpectedAnswerException(path + " with " + response.statusCode());
        }
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new UnexpectedAnswerException(path + " with something else than JSON");
        }
    }

    /** The client's exceptions have no message for people, some none at all. */
    private HttpResponse<String> send(HttpRequest request)
            throws IOException, InterruptedException {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (HttpTimeoutException e) {
            throw new IOException("silent for " + PATIENCE.toSeconds() + " s", e);
        } catch (ConnectException e) {
            throw new IOException(
                    isUnresolved(e)
                            ? "unknown host " + address.getHost()
                            : Objects.requireNonNullElse(e.getMessage(), "connection refused"),
                    e);
        }
    }

    private static boolean isUnresolved(ConnectException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }

    /** Something answers, but not what a JobManager would. */
    public static final class UnexpectedAnswerException extends IOException {

        private static final long serialVersionUID = 1L;

        UnexpectedAnswerException(String message) {
            super(message);
        }
    }
}
