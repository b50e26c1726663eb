package io.weir.request;

import io.weir.serialize.SerializedTypeInfo;
import io.weir.serialize.VariableLength;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Serializer of {@link HttpRequest}, since reading a record's components one by one costs more than
 * everything else that is done with a request. It is written in state only where a late request is
 * held, and begins with its format, so that a later version reads what this one has written.
 */
public final class HttpRequestSerializer extends TypeSerializerSingleton<HttpRequest> {

    public static final HttpRequestSerializer INSTANCE = new HttpRequestSerializer();

    private static final long serialVersionUID = 1;

    private static final int FORMAT = 1;

    /** The same, and behind it the keys of views. */
    private static final int FORMAT_WITH_KEYS = 2;

    private static final int HAS_VISITOR = 1;
    private static final int IS_IDENTIFIED = 2;
    private static final int IS_DUPLICATE = 4;

    @Override
    public boolean isImmutableType() {
        return true;
    }

    /** There is no instance to reuse: a request is immutable. */
    @Override
    public @Nullable HttpRequest createInstance() {
        return null;
    }

    @Override
    public HttpRequest copy(HttpRequest from) {
        return from;
    }

    @Override
    public HttpRequest copy(HttpRequest from, @Nullable HttpRequest reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(HttpRequest request, DataOutputView out) throws IOException {
        Long visitorHash = request.visitorHash();
        byte[] keys = request.viewKeys();
        out.writeByte(keys == null ? FORMAT : FORMAT_WITH_KEYS);
        out.writeByte(
                (visitorHash == null ? 0 : HAS_VISITOR)
                        | (request.isIdentified() ? IS_IDENTIFIED : 0)
                        | (request.isDuplicate() ? IS_DUPLICATE : 0));
        out.writeInt(request.siteId());
        out.writeLong(request.eventTimeMillis());
        out.writeShort(request.statusCode());
        out.writeByte(request.country().charAt(0));
        out.writeByte(request.country().charAt(1));
        VariableLength.write(request.responseTimeMicros() - HttpRequest.NOT_TIMED, out);
        VariableLength.write(request.bytesSent(), out);
        VariableLength.write(request.partition(), out);
        if (visitorHash != null) {
            out.writeLong(visitorHash);
        }
        if (request.isIdentified()) {
            out.writeLong(request.idHigh());
            out.writeLong(request.idLow());
        }
        if (keys != null) {
            VariableLength.write(keys.length, out);
            out.write(keys);
        }
    }

    @Override
    public HttpRequest deserialize(DataInputView in) throws IOException {
        int format = in.readByte();
        if (format != FORMAT && format != FORMAT_WITH_KEYS) {
            throw new IOException(
                    "a request of format "
                            + format
                            + " cannot be read: the state was written by a newer version, or is"
                            + " damaged");
        }
        int flags = in.readByte();
        int siteId = in.readInt();
        long eventTimeMillis = in.readLong();
        int statusCode = in.readShort();
        String country = Countries.codeOf(in.readByte(), in.readByte());
        long responseTimeMicros = VariableLength.read(in) + HttpRequest.NOT_TIMED;
        long bytesSent = VariableLength.read(in);
        int partition = (int) VariableLength.read(in);
        Long visitorHash = has(flags, HAS_VISITOR) ? in.readLong() : null;
        boolean isIdentified = has(flags, IS_IDENTIFIED);
        return new HttpRequest(
                siteId,
                eventTimeMillis,
                statusCode,
                visitorHash,
                responseTimeMicros,
                bytesSent,
                country,
                partition,
                isIdentified ? in.readLong() : 0,
                isIdentified ? in.readLong() : 0,
                has(flags, IS_DUPLICATE),
                format == FORMAT ? null : keys(in));
    }

    private static byte[] keys(DataInputView in) throws IOException {
        byte[] keys = new byte[(int) VariableLength.read(in)];
        in.readFully(keys);
        return keys;
    }

    private static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }

    @Override
    public HttpRequest deserialize(@Nullable HttpRequest reuse, DataInputView in)
            throws IOException {
        return deserialize(in);
    }

    @Override
    public void copy(DataInputView in, DataOutputView out) throws IOException {
        serialize(deserialize(in), out);
    }

    @Override
    public TypeSerializerSnapshot<HttpRequest> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Has Flink find the serializer wherever something holds a request. */
    public static final class Types extends TypeInfoFactory<HttpRequest> {

        @Override
        public TypeInformation<HttpRequest> createTypeInfo(
                Type type, Map<String, TypeInformation<?>> genericParameters) {
            return new SerializedTypeInfo<>(HttpRequest.class, INSTANCE);
        }
    }

    /** What a savepoint says of the serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<HttpRequest> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
