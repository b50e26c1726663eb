package io.weir.intake;

import io.weir.request.ReadRecord;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.streaming.api.operators.source.TimestampsAndWatermarks.WatermarkUpdateListener;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.io.PushingAsyncDataInput.DataOutput;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/** What a source emits: {@code record PARTITION/OFFSET} and {@code watermark 10:00:00}. */
final class RecordedOutput implements DataOutput<ReadRecord>, WatermarkUpdateListener {

    final List<String> said = new ArrayList<>();

    @Override
    public void emitRecord(StreamRecord<ReadRecord> element) {
        ReadRecord record = element.getValue();
        said.add("record " + record.partition() + "/" + record.offset());
    }

    @Override
    public void emitWatermark(Watermark watermark) {
        said.add(
                "watermark "
                        + LocalTime.ofInstant(
                                Instant.ofEpochMilli(watermark.getTimestamp()), ZoneOffset.UTC));
    }

    @Override
    public void emitWatermarkStatus(WatermarkStatus status) {}

    @Override
    public void emitLatencyMarker(LatencyMarker marker) {}

    @Override
    public void emitRecordAttributes(RecordAttributes attributes) {}

    @Override
    public void emitWatermark(WatermarkEvent event) {}

    @Override
    public void updateIdle(boolean isIdle) {}

    @Override
    public void updateCurrentEffectiveWatermark(long watermark) {}

    @Override
    public void updateCurrentSplitWatermark(String split, long watermark) {}

    @Override
    public void updateCurrentSplitIdle(String split, boolean isIdle) {}

    @Override
    public void splitFinished(String split) {}
}
