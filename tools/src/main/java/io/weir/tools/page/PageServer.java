package io.weir.tools.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.weir.database.Causes;
import io.weir.database.Database;
import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    /** Scripts, styles and answers come from here only; the charts' styles are set by script. */
    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                    + " object-src 'none'";

    static {
        // read once by the JDK's server: a slow client holds a thread this many seconds at most
        setIfAbsent("sun.net.httpserver.maxReqTime", "10");
        setIfAbsent("sun.net.httpserver.maxRspTime", "30");
        setIfAbsent("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final ExecutorService questions;
    private final StoreConnections connections;
    private final PageAnswers answers;
    private final PageFiles files = new PageFiles();

    private PageServer(HttpServer server, Database database, String schema) {
        this.server = server;
        this.connections = new StoreConnections(database, schema);
        this.answers = new PageAnswers(connections, schema);
        this.threads = threads("weir-page", THREADS, new LinkedBlockingQueue<>());
        this.questions =
                threads("weir-question", QUESTIONS, new ArrayBlockingQueue<>(QUESTIONS_WAITING));
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
    public static PageServer start(Database database, String schema, String bind, int port) {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getByName(bind), port), MAX_WAITING);
            PageServer page = new PageServer(server, database, schema);
            server.start();
            return page;
        } catch (IOException e) {
            throw new CommandException(
                    "the page cannot be served on "
                            + bind
                            + ":"
                            + port
                            + " ("
                            + Causes.innermost(e)
                            + "): choose another address or port",
                    e);
        }
    }

    /** Where a browser finds the page. */
    public String address() {
        InetSocketAddress address = server.getAddress();
        InetAddress host = address.getAddress();
        if (host.isAnyLocalAddress()) {
            return "http://localhost:" + address.getPort() + "/";
        }
        String name = host.getHostAddress();
        return "http://"
                + (name.contains(":") ? "[" + name + "]" : name)
                + ":"
                + address.getPort()
                + "/";
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
        connections.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            secure(exchange.getResponseHeaders());
            Response response = respond(exchange);
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Type", response.type());
            headers.set("Cache-Control", response.type().equals(JSON) ? "no-store" : "no-cache");
            if (response.status() == 405) {
                headers.set("Allow", "GET");
            }
            byte[] body = response.body();
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(response.status(), NO_BODY);
                return;
            }
            exchange.sendResponseHeaders(response.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Response respond(HttpExchange exchange) {
        URI uri = exchange.getRequestURI();
        String path = uri.getPath() == null ? "" : uri.getPath();
        if (isLocal() && !isLocalName(exchange.getRequestHeaders().getFirst("Host"))) {
            return error(403, "this page is served to this machine only");
        }
        if (!exchange.getRequestMethod().equals("GET")) {
            return error(405, "this page is read-only: GET is all there is");
        }
        try {
            if (path.startsWith("/api/")) {
                return answer(path.substring("/api/".length()), uri.getRawQuery());
            }
            PageFiles.PageFile file = files.find(path);
            return file == null
                    ? error(404, "there is nothing at this address")
                    : new Response(200, file.type(), file.content());
        } catch (PageException e) {
            LOG.debug("{} is answered {}", path, e.status(), e);
            return error(e.status(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("{} failed", path, e);
            return error(500, "this should not happen; the log says more");
        }
    }

    /** Whatever holds up the database, there is an answer in time. */
    private Response answer(String name, @Nullable String parameters) {
        try {
            Future<String> answer = questions.submit(() -> answers.answer(name, parameters));
            return new Response(200, JSON, within(MAX_QUESTION, answer).getBytes(UTF_8));
        } catch (RejectedExecutionException e) {
            throw PageException.unavailable("too many ask at once: ask again in a minute", e);
        }
    }

    private static String within(Duration limit, Future<String> answer) {
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(false);
            throw PageException.unavailable(
                    "the database does not answer within " + limit.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof PageException failure
                    ? failure
                    : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw PageException.unavailable("the page's server is ending", e);
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

    private static Response error(int status, String message) {
        String body = new JsonText().error(message).toString();
        return new Response(status, JSON, body.getBytes(UTF_8));
    }

    private static void secure(Headers headers) {
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
    }

    private static boolean isLocalName(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String name = host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
        return List.of("localhost", "[::1]").contains(name)
                || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private record Response(int status, String type, byte[] body) {}
}
