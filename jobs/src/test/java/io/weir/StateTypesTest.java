package io.weir;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.breakdown.BreakdownProgress;
import io.weir.breakdown.BreakdownRow;
import io.weir.breakdown.OpenBreakdown;
import io.weir.breakdown.ViewBucket;
import io.weir.election.Candidate;
import io.weir.election.Election;
import io.weir.election.ElectionInput;
import io.weir.election.ElectionProgress;
import io.weir.election.ElectionSettings;
import io.weir.election.HoldElections;
import io.weir.election.MinuteHits;
import io.weir.election.TopSite;
import io.weir.intake.PartitionClock;
import io.weir.ledger.Tally;
import io.weir.request.DecodedRecord;
import io.weir.traffic.TrafficPartial;
import io.weir.traffic.TrafficRow;
import io.weir.window.OpenWindow;
import io.weir.window.WindowProgress;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateTypesTest {

    @ParameterizedTest
    @ValueSource(
            classes = {
                DecodedRecord.class,
                TrafficPartial.class,
                TrafficRow.class,
                PartitionClock.class,
                OpenWindow.class,
                WindowProgress.class,
                MinuteHits.class,
                ElectionSettings.class,
                ElectionInput.class,
                HoldElections.Nomination.class,
                Candidate.class,
                TopSite.class,
                ElectionProgress.class,
                Election.class,
                Tally.class,
                OpenBreakdown.class,
                ViewBucket.class,
                BreakdownProgress.class,
                BreakdownRow.class
            })
    void needsNoKryo(Class<?> type) {
        SerializerConfigImpl config = new SerializerConfigImpl();
        config.setGenericTypes(false);

        TypeInformation<?> info = TypeInformation.of(type);

        assertThat(info).isInstanceOf(PojoTypeInfo.class);
        assertThat(info.createSerializer(config)).isNotNull();
    }
}
