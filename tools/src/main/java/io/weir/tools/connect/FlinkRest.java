package io.weir.tools.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * A JobManager's REST interface.
 *
 * <p>Every call throws {@link UnexpectedAnswerException} when the answer is none of Flink's or a
 * refusal, and another {@link IOException} when there is no answer; the message says why.
 */
public final class FlinkRest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A program that is submitted runs until it has submitted its job. */
    private static final Duration PATIENCE_WITH_PROGRAMS = Duration.ofMinutes(3);

    private static final int OK = 200;
    private static final int LAST_SUCCESS = 299;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI address;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1) // Flink speaks no other
                    .connectTimeout(PATIENCE)
                    .build();

    public FlinkRest(URI address) {
        this.address = address;
    }

    public URI address() {
        return address;
    }

    /** What is at the path. */
    public JsonNode get(String path) throws IOException, InterruptedException {
        return answer(path, request(path).build(), PATIENCE);
    }

    /**
     * Has something done that ends at once.
     *
     * @param body what Jackson makes JSON of
     */
    public JsonNode post(String path, Object body) throws IOException, InterruptedException {
        return answer(path, request(path).POST(json(body)).build(), PATIENCE);
    }

    /** Has a program run that was uploaded, which may take minutes. */
    public JsonNode postToProgram(String path, Object body)
            throws IOException, InterruptedException {
        return answer(path, request(path).POST(json(body)).build(), PATIENCE_WITH_PROGRAMS);
    }

    public void patch(String path) throws IOException, InterruptedException {
        answer(path, request(path).method("PATCH", BodyPublishers.noBody()).build(), PATIENCE);
    }

    public void delete(String path) throws IOException, InterruptedException {
        answer(path, request(path).DELETE().build(), PATIENCE);
    }

    /** Uploads a file, as a form of a browser would (RFC 7578). */
    public JsonNode upload(String path, Path file) throws IOException, InterruptedException {
        String boundary = UUID.randomUUID().toString();
        String head =
                "--%s\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\"%s\"\r\n"
                        .formatted(boundary, file.getFileName());
        HttpRequest request =
                request(path)
                        .setHeader("Content-Type", "multipart/form-data; boundary=" + boundary)
                        .POST(
                                BodyPublishers.concat(
                                        BodyPublishers.ofString(
                                                head
                                                        + "Content-Type: application/java-archive"
                                                        + "\r\n\r\n"),
                                        BodyPublishers.ofFile(file),
                                        BodyPublishers.ofString("\r\n--" + boundary + "--\r\n")))
                        .build();
        return answer(path, request, PATIENCE_WITH_PROGRAMS);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path))
                .setHeader("Content-Type", "application/json");
    }

    private static BodyPublisher json(Object body) throws IOException {
        return BodyPublishers.ofString(JSON.writeValueAsString(body));
    }

    private JsonNode answer(String path, HttpRequest request, Duration patience)
            throws IOException, InterruptedException {
        HttpResponse<String> response = send(request, patience);
        int status = response.statusCode();
        if (status < OK || status > LAST_SUCCESS) {
            throw new UnexpectedAnswerException(
                    path + " with " + status, status, reason(response.body()));
        }
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new UnexpectedAnswerException(
                    path + " with something else than JSON", status, "it is not JSON");
        }
    }

    /** Why Flink refuses: the last of its errors has the stack trace. */
    private static String reason(String body) {
        try {
            return StreamSupport.stream(JSON.readTree(body).path("errors").spliterator(), false)
                    .map(JsonNode::asText)
                    .filter(text -> !text.isBlank())
                    .reduce((earlier, later) -> later)
                    .map(StackTraceText::rootCause)
                    .orElse("no reason is given");
        } catch (JsonProcessingException e) {
            return "no reason is given";
        }
    }

    /** The client's exceptions have no message for people, some none at all. */
    private HttpResponse<String> send(HttpRequest request, Duration patience)
            throws IOException, InterruptedException {
        HttpRequest limited =
                HttpRequest.newBuilder(request, (name, value) -> true).timeout(patience).build();
        try {
            return client.send(limited, BodyHandlers.ofString());
        } catch (HttpTimeoutException e) {
            throw new IOException("silent for " + patience.toSeconds() + " s", e);
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

    /** Something answers, but not what was asked for. */
    public static final class UnexpectedAnswerException extends IOException {

        private static final long serialVersionUID = 1L;

        private final int status;
        private final String reason;

        UnexpectedAnswerException(String message, int status, String reason) {
            super(message);
            this.status = status;
            this.reason = reason;
        }

        /** HTTP's code. */
        public int status() {
            return status;
        }

        /** Why Flink refuses, one line. */
        public String reason() {
            return reason;
        }
    }
}
