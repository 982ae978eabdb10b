import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
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
        StringBuilder out = new StringBuilder();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(props)) {
            for (int at = 2; at < args.length; at += 2) {
                for (ConsumerRecord<byte[], byte[]> record : first(consumer, args[at], Integer.parseInt(args[at + 1])))
                    out.append(line(record)).append('\n');
            }
        }
        Files.writeString(Path.of(args[1]), out.toString());
    }

    private static List<ConsumerRecord<byte[], byte[]>> first(
            KafkaConsumer<byte[], byte[]> consumer, String topic, int count) {
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        long deadline = System.currentTimeMillis() + TIMEOUT_MS;
        while (found.size() < count) {
            if (System.currentTimeMillis() > deadline)
                throw new IllegalStateException(topic + " holds " + found.size() + " records, not " + count);
            consumer.poll(POLL).forEach(found::add);
        }
        return found.subList(0, count);
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
