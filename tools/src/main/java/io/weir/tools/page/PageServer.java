package io.weir.tools.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.weir.database.Causes;
import io.weir.database.Database;
import io.weir.database.SchemaName;
import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the page and the answers it draws, read-only, over plain HTTP.
 *
 * <p>There is no login: whoever reaches the port sees what the database user sees. On a loopback
 * address requests for other names are refused, so that a web site cannot make a browser read it
 * under a name of its own.
 */
public final class PageServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PageServer.class);

    /** Enough that files are served while all questions that may wait do. */
    private static final int THREADS = 32;

    private static final int QUESTIONS = 6;
    private static final int QUESTIONS_WAITING = 18;
    private static final int MAX_WAITING = 64;

    /** The page itself gives up a little later, and would not know that it is the database. */
    private static final Duration MAX_QUESTION = Duration.ofSeconds(12);

    private static final int NO_BODY = -1;
    private static final String JSON = "application/json; charset=utf-8";
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

    /** Scripts, styles and answers come from here only; the charts' styles are set by script. */
    private static final Map<String, String> HEADERS =
            Map.of(
                    "Content-Security-Policy",
                    "default-src 'self'; base-uri 'none'; form-action 'none';"
                            + " frame-ancestors 'none'; object-src 'none'",
                    "X-Content-Type-Options",
                    "nosniff",
                    "X-Frame-Options",
                    "DENY",
                    "Referrer-Policy",
                    "no-referrer",
                    "Cross-Origin-Resource-Policy",
                    "same-origin");

    private static final Pattern LOCAL_NAME =
            Pattern.compile(
                    "(localhost|\\[::1]|127(\\.\\d{1,3}){3})(:\\d+)?", Pattern.CASE_INSENSITIVE);

    static {
        // read once by the JDK's server: a slow client holds a thread this many seconds at most
        Map.of(
                        "sun.net.httpserver.maxReqTime", "10",
                        "sun.net.httpserver.maxRspTime", "30",
                        "sun.net.httpserver.nodelay", "true")
                .forEach(System.getProperties()::putIfAbsent);
    }

    private final HttpServer server;
    private final ExecutorService threads =
            threads("weir-page", THREADS, new LinkedBlockingQueue<>());
    private final ExecutorService questions =
            threads("weir-question", QUESTIONS, new ArrayBlockingQueue<>(QUESTIONS_WAITING));
    private final StoreSessions sessions;
    private final PageAnswers answers;
    private final PageFiles files = new PageFiles();

    private PageServer(HttpServer server, Database database, SchemaName schema) {
        this.server = server;
        this.sessions = new StoreSessions(database, schema, QUESTIONS);
        this.answers = new PageAnswers(sessions, schema);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    /**
     * Starts to serve; the database need not be there yet.
     *
     * @param bind the name or address to listen on
     * @param port 0 for a free one
     * @throws CommandException when the port cannot be had
     */
    public static PageServer start(Database database, SchemaName schema, String bind, int port) {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getByName(bind), port), MAX_WAITING);
            PageServer page = new PageServer(server, database, schema);
            server.start();
            return page;
        } catch (IOException e) {
            throw new CommandException(
                    "the page cannot be served on %s:%d (%s): choose another address or port"
                            .formatted(bind, port, Causes.innermost(e)),
                    e);
        }
    }

    /** Where a browser finds the page. */
    public String address() {
        InetAddress host = server.getAddress().getAddress();
        String name = host.isAnyLocalAddress() ? "localhost" : host.getHostAddress();
        return "http://%s:%d/"
                .formatted(
                        name.contains(":") ? "[" + name + "]" : name,
                        server.getAddress().getPort());
    }

    /** Whether only this machine reaches it. */
    public boolean isLocal() {
        return server.getAddress().getAddress().isLoopbackAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        questions.shutdownNow();
        sessions.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            PageResponse response = respond(exchange);
            Headers headers = exchange.getResponseHeaders();
            HEADERS.forEach(headers::set);
            headers.set("Content-Type", response.type());
            headers.set("Cache-Control", response.type().equals(JSON) ? "no-store" : "no-cache");
            if (response.status() == 405) {
                headers.set("Allow", "GET");
            }
            boolean hasBody = !exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(
                    response.status(), hasBody ? response.body().length : NO_BODY);
            if (hasBody) {
                exchange.getResponseBody().write(response.body());
            }
        }
    }

    private PageResponse respond(HttpExchange exchange) {
        URI uri = exchange.getRequestURI();
        String path = uri.getPath() == null ? "" : uri.getPath();
        String host = exchange.getRequestHeaders().getFirst("Host");
        if (isLocal() && (host == null || !LOCAL_NAME.matcher(host).matches())) {
            return error(403, "this page is served to this machine only");
        }
        if (!exchange.getRequestMethod().equals("GET")) {
            return error(405, "this page is read-only: use GET");
        }
        try {
            if (path.startsWith("/api/")) {
                return json(200, answer(path.substring("/api/".length()), uri.getRawQuery()));
            }
            PageResponse file = files.find(path);
            return file == null ? error(404, "there is nothing at this address") : file;
        } catch (PageException e) {
            LOG.debug("{} is answered {}", path, e.status(), e);
            return error(e.status(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("{} failed", path, e);
            return error(500, "this should not happen; the log says more");
        }
    }

    /** Whatever holds up the database, there is an answer in time. */
    private Record answer(String name, @Nullable String parameters) {
        try {
            return CompletableFuture.supplyAsync(() -> answers.answer(name, parameters), questions)
                    .orTimeout(MAX_QUESTION.toSeconds(), TimeUnit.SECONDS)
                    .join();
        } catch (RejectedExecutionException e) {
            throw PageException.unavailable("too many requests at once: try again in a minute", e);
        } catch (CompletionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw PageException.unavailable(
                        "the database does not answer within " + MAX_QUESTION.toSeconds() + " s",
                        e);
            }
            throw e.getCause() instanceof PageException failure ? failure : e;
        }
    }

    private static ExecutorService threads(String name, int count, BlockingQueue<Runnable> queue) {
        return new ThreadPoolExecutor(
                count,
                count,
                0,
                TimeUnit.SECONDS,
                queue,
                task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
    }

    private static PageResponse error(int status, String message) {
        return json(status, Map.of("error", message));
    }

    /** By way of a string, in which Jackson lets stand what is half of a character. */
    private static PageResponse json(int status, Object value) {
        try {
            return new PageResponse(status, JSON, MAPPER.writeValueAsString(value).getBytes(UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is no JSON", e);
        }
    }
}
