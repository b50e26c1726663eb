package io.weir.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and a local port, and can stop to forward: it then accepts connections,
 * and neither reads from them nor writes to them.
 */
final class HangingProxy implements AutoCloseable {

    private static final int RECEIVE_BUFFER = 8 * 1024;

    private final ServerSocket server = new ServerSocket();
    private final int target;
    private final AtomicInteger connections = new AtomicInteger();
    private boolean hangs;

    HangingProxy(int target) throws IOException {
        this.target = target;
        server.setReceiveBufferSize(RECEIVE_BUFFER);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** How many were made so far. */
    int connections() {
        return connections.get();
    }

    synchronized void hang() {
        hangs = true;
    }

    synchronized void forward() {
        hangs = false;
        notifyAll();
    }

    @Override
    public void close() throws IOException {
        forward();
        server.close();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            connections.incrementAndGet();
            Socket store = new Socket(InetAddress.getLoopbackAddress(), target);
            start(() -> pump(client, store));
            start(() -> pump(store, client));
        }
    }

    private void pump(Socket from, Socket to) throws IOException {
        byte[] buffer = new byte[RECEIVE_BUFFER];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                awaitForwarding();
                out.write(buffer, 0, length);
            }
        }
    }

    private synchronized void awaitForwarding() {
        while (hangs) {
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
                        "hanging-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private interface Step {
        void run() throws IOException;
    }
}
