import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the first records of partition 0 of some topics as they are: `BOOTSTRAP OUT TOPIC COUNT ...`. Writes one
 * line a record, tabs between topic, timestamp's type, timestamp, key, value and each header as `name=value`;
 * keys and values in Base64, `-` for null.
 */
public class DumpRecords {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long TIMEOUT_MS = 60_000;

    public static void main(String[] args) throws Exception {
        Properties props = new Properties();
        props.put("bootstrap.servers", args[0]);
        props.put("key.deserializer", ByteArrayDeserializer.class.getName());
        props.put("value.deserializer", ByteArrayDeserializer.class.getName());
        Map<TopicPartition, Integer> wanted = new LinkedHashMap<>();
        for (int at = 2; at < args.length; at += 2)
            wanted.put(new TopicPartition(args[at], 0), Integer.parseInt(args[at + 1]));
        StringBuilder out = new StringBuilder();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(props)) {
            for (ConsumerRecord<byte[], byte[]> record : first(consumer, wanted)) out.append(line(record)).append('\n');
        }
        Files.writeString(Path.of(args[1]), out.toString());
    }

    private static List<ConsumerRecord<byte[], byte[]>> first(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Integer> wanted) {
        consumer.assign(wanted.keySet());
        consumer.seekToBeginning(wanted.keySet());
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> found = new LinkedHashMap<>();
        for (TopicPartition partition : wanted.keySet()) found.put(partition, new ArrayList<>());
        long deadline = System.currentTimeMillis() + TIMEOUT_MS;
        while (found.keySet().stream().anyMatch(each -> found.get(each).size() < wanted.get(each))) {
            if (System.currentTimeMillis() > deadline) {
                StringBuilder missing = new StringBuilder();
                found.forEach((each, records) -> {
                    if (records.size() < wanted.get(each))
                        missing.append(each).append(" holds ").append(records.size()).append(" records, not ")
                                .append(wanted.get(each)).append(". ");
                });
                throw new IllegalStateException(missing.toString());
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (found.get(partition).size() < wanted.get(partition)) found.get(partition).add(record);
                else consumer.pause(List.of(partition));
            }
        }
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        found.values().forEach(all::addAll);
        return all;
    }

    private static String line(ConsumerRecord<byte[], byte[]> record) {
        List<String> fields = new ArrayList<>(List.of(
                record.topic(), record.timestampType().name, Long.toString(record.timestamp()),
                text(record.key()), text(record.value())));
        for (Header header : record.headers()) fields.add(header.key() + "=" + text(header.value()));
        return String.join("\t", fields);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "-" : Base64.getEncoder().encodeToString(bytes);
    }
}
