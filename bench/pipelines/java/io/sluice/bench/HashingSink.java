package io.sluice.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/** The Java twin of plugin/hashing-sink.ts. */
public final class HashingSink extends SinkConnector {
    private static final ConfigDef CONFIG = new ConfigDef()
        .define("progress.file", Type.STRING, Importance.HIGH, "Where count and checksum go.")
        .define("records", Type.INT, Importance.HIGH, "How many will come.");

    private Map<String, String> props = Map.of();

    @Override public void start(Map<String, String> given) { props = given; }
    @Override public Class<? extends Task> taskClass() { return HashingSinkTask.class; }
    @Override public List<Map<String, String>> taskConfigs(int max) { return List.of(props); }
    @Override public void stop() { }
    @Override public ConfigDef config() { return CONFIG; }
    @Override public String version() { return "1.0.0"; }

    public static final class HashingSinkTask extends SinkTask {
        private static final long TELL_EVERY = 20_000;

        private Path file;
        private long expected;
        private long count;
        private long told;
        private int checksum;

        @Override public void start(Map<String, String> given) {
            file = Path.of(given.get("progress.file"));
            expected = Long.parseLong(given.get("records"));
        }

        @Override public void put(Collection<SinkRecord> records) {
            for (SinkRecord record : records) {
                checksum += Orders.checksumOf(record.key()) + Orders.checksumOf(record.value());
            }
            count += records.size();
            if (count - told < TELL_EVERY && count < expected) return;
            try {
                Files.writeString(file, count + " " + checksum);
            } catch (IOException error) {
                throw new UncheckedIOException(error);
            }
            told = count;
        }

        @Override public void stop() { }
        @Override public String version() { return "1.0.0"; }
    }
}
