package io.weir.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A database of networks in MaxMind's format, made as its specification says (MaxMind DB File
 * Format, version 2.0): a binary tree of address bits, data, metadata.
 */
public final class CountryFile {

    private static final int NONE = -1;
    private static final int SEPARATOR_BYTES = 16;
    private static final int V4_OFFSET = 96;

    private final List<int[]> nodes = new ArrayList<>(List.of(new int[] {NONE, NONE}));
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    private CountryFile() {}

    /** A file with an entry, maps and texts, for each network. */
    public static byte[] of(Map<String, Map<String, ?>> networks) throws UnknownHostException {
        CountryFile file = new CountryFile();
        Map<Integer, int[]> leaves = new LinkedHashMap<>();
        for (Map.Entry<String, Map<String, ?>> network : networks.entrySet()) {
            int entry = file.data.size();
            write(network.getValue(), file.data);
            leaves.put(entry, file.place(network.getKey()));
        }
        int count = file.nodes.size();
        leaves.forEach(
                (entry, place) ->
                        file.nodes.get(place[0])[place[1]] = count + SEPARATOR_BYTES + entry);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int[] node : file.nodes) {
            for (int child : node) {
                int value = child == NONE ? count : child;
                out.write(value >> 16);
                out.write(value >> 8);
                out.write(value);
            }
        }
        out.writeBytes(new byte[SEPARATOR_BYTES]);
        out.writeBytes(file.data.toByteArray());
        out.writeBytes(new byte[] {(byte) 0xAB, (byte) 0xCD, (byte) 0xEF});
        out.writeBytes("MaxMind.com".getBytes(UTF_8));
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("node_count", count);
        metadata.put("record_size", (short) 24);
        metadata.put("ip_version", (short) 6);
        metadata.put("database_type", "test");
        metadata.put("languages", List.of());
        metadata.put("binary_format_major_version", (short) 2);
        metadata.put("binary_format_minor_version", (short) 0);
        metadata.put("build_epoch", 1L);
        metadata.put("description", Map.of());
        write(metadata, out);
        return out.toByteArray();
    }

    /** The node and side where a network ends. IPv4 addresses are those that begin with zeros. */
    private int[] place(String network) throws UnknownHostException {
        String[] parts = network.split("/", -1);
        byte[] address = InetAddress.getByName(parts[0]).getAddress();
        boolean isV4 = address.length == 4;
        int length = Integer.parseInt(parts[1]) + (isV4 ? V4_OFFSET : 0);
        byte[] bits = isV4 ? ByteBuffer.allocate(16).put(12, address).array() : address;
        int node = 0;
        for (int i = 0; i < length - 1; i++) {
            int side = bit(bits, i);
            if (nodes.get(node)[side] == NONE) {
                nodes.get(node)[side] = nodes.size();
                nodes.add(new int[] {NONE, NONE});
            }
            node = nodes.get(node)[side];
        }
        return new int[] {node, bit(bits, length - 1)};
    }

    private static int bit(byte[] bits, int number) {
        return bits[number / Byte.SIZE] >> Byte.SIZE - 1 - number % Byte.SIZE & 1;
    }

    /** Texts, maps, empty lists, and numbers of 16, 32 and 64 bits without a sign; all short. */
    private static void write(Object value, ByteArrayOutputStream out) {
        if (value instanceof Map<?, ?> map) {
            out.write(7 << 5 | map.size());
            map.forEach(
                    (key, each) -> {
                        write(key, out);
                        write(each, out);
                    });
        } else if (value instanceof String text) {
            out.write(2 << 5 | text.length());
            out.writeBytes(text.getBytes(UTF_8));
        } else if (value instanceof Short number) {
            out.write(5 << 5 | Short.BYTES);
            out.writeBytes(ByteBuffer.allocate(Short.BYTES).putShort(number).array());
        } else if (value instanceof Integer number) {
            out.write(6 << 5 | Integer.BYTES);
            out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
        } else if (value instanceof Long number) {
            out.write(Long.BYTES);
            out.write(2);
            out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        } else {
            out.write(0);
            out.write(4);
        }
    }
}
