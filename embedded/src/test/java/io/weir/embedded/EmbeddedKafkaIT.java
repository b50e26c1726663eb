package io.weir.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {

    private static final TopicPartition PARTITION = new TopicPartition("kept", 0);

    @Test
    void keepsItsRecordsAndItsPortAcrossARestart(@TempDir Path folder) throws Exception {
        int port;
        try (EmbeddedKafka first = EmbeddedKafka.start(folder)) {
            port = first.port();
            createTopic(first);
            try (KafkaProducer<String, String> producer =
                    new KafkaProducer<>(
                            servers(first), new StringSerializer(), new StringSerializer())) {
                producer.send(new ProducerRecord<>("kept", "still here")).get();
            }
        }

        try (EmbeddedKafka second = EmbeddedKafka.start(folder, port);
                KafkaConsumer<String, String> consumer =
                        new KafkaConsumer<>(
                                servers(second),
                                new StringDeserializer(),
                                new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            assertThat(second.port()).isEqualTo(port);
            Awaitility.await()
                    .untilAsserted(
                            () ->
                                    assertThat(consumer.poll(Duration.ofMillis(100)))
                                            .extracting(record -> record.value())
                                            .containsExactly("still here"));
        }
    }

    private static void createTopic(EmbeddedKafka kafka) throws Exception {
        try (Admin admin = Admin.create(servers(kafka))) {
            admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1))).all().get();
        }
    }

    private static Map<String, Object> servers(EmbeddedKafka kafka) {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }
}
