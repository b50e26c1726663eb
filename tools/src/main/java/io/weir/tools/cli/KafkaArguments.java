package io.weir.tools.cli;

import io.weir.config.KafkaOptions;
import io.weir.tools.connect.KafkaCluster;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which topics of which Kafka cluster. */
final class KafkaArguments {

    @Option(
            names = "--bootstrap-servers",
            required = true,
            paramLabel = "HOST:PORT,...",
            description = "The Kafka brokers")
    private String bootstrapServers = "";

    @Option(
            names = "--topic",
            defaultValue = "http_requests",
            paramLabel = "NAME",
            description = "The job's topic, kafka.topic (default: ${DEFAULT-VALUE})")
    private String topic = "";

    @Mixin private ClientProperties clientProperties = new ClientProperties();

    String topic() {
        return topic;
    }

    String rejectedTopic() {
        return KafkaOptions.rejectedOf(topic);
    }

    String lateTopic() {
        return KafkaOptions.lateOf(topic);
    }

    Map<String, Object> properties() {
        return clientProperties.with(bootstrapServers);
    }

    KafkaCluster connect() {
        return KafkaCluster.connect(properties());
    }
}
