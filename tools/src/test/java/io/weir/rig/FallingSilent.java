package io.weir.rig;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands before a PostgreSQL and can fall silent: connections that are there say nothing more, new
 * ones are accepted and hear no more than the manner of the silence allows.
 */
public final class FallingSilent implements AutoCloseable {

    /** What a new connection hears. */
    public enum Manner {
        SPEAKING,
        /** That there is no TLS, and then nothing. */
        SILENT_ON_LOGIN,
        /** Nothing at all. */
        SILENT
    }

    private static final int LENGTH_OF_TLS_REQUEST = 8;

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private Manner manner = Manner.SPEAKING;

    /**
     * @param target the PostgreSQL's port on this machine
     */
    public FallingSilent(int target) throws IOException {
        this.target = target;
        start(this::accept);
    }

    /** The address of a database behind it. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + server.getLocalPort() + "/" + database;
    }

    public synchronized void become(Manner next) {
        manner = next;
        notifyAll();
    }

    /** How many connections were made to it. */
    public int connections() {
        return (int) sockets.stream().filter(socket -> socket.getPort() != target).count();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        become(Manner.SPEAKING);
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            sockets.add(client);
            switch (manner()) {
                case SPEAKING -> connect(client);
                case SILENT_ON_LOGIN -> start(() -> refuseTls(client));
                case SILENT -> {}
            }
        }
    }

    private void connect(Socket client) throws IOException {
        Socket database = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(database);
        start(() -> pump(client, database));
        start(() -> pump(database, client));
    }

    private static void refuseTls(Socket client) throws IOException {
        client.getInputStream().readNBytes(LENGTH_OF_TLS_REQUEST);
        client.getOutputStream().write('N');
    }

    private void pump(Socket from, Socket to) throws IOException {
        byte[] buffer = new byte[8 * 1024];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                awaitSpeaking();
                out.write(buffer, 0, length);
            }
        }
    }

    private synchronized Manner manner() {
        return manner;
    }

    private synchronized void awaitSpeaking() {
        while (manner != Manner.SPEAKING) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Connections end with an exception on one side or the other: that is what they are for. */
    private static void start(Step step) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                step.run();
                            } catch (IOException ended) {
                                return;
                            }
                        },
                        "falling-silent");
        thread.setDaemon(true);
        thread.start();
    }

    private interface Step {
        void run() throws IOException;
    }
}
