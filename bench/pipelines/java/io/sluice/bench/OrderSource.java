package io.sluice.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** The Java twin of plugin/order-source.ts. */
public final class OrderSource extends SourceConnector {
    private static final ConfigDef CONFIG = new ConfigDef()
        .define("topic", Type.STRING, Importance.HIGH, "Where the orders go.")
        .define("shape", Type.STRING, Importance.HIGH, "What values are made of.")
        .define("bytes", Type.INT, Importance.HIGH, "Size of a value.")
        .define("records", Type.INT, Importance.HIGH, "How many in all.");

    private Map<String, String> props = Map.of();

    @Override public void start(Map<String, String> given) { props = given; }
    @Override public Class<? extends Task> taskClass() { return OrderSourceTask.class; }
    @Override public List<Map<String, String>> taskConfigs(int max) { return List.of(props); }
    @Override public void stop() { }
    @Override public ConfigDef config() { return CONFIG; }
    @Override public String version() { return "1.0.0"; }

    public static final class OrderSourceTask extends SourceTask {
        private static final int RECORDS_PER_POLL = 1_000;
        private static final long IDLE_MS = 200;
        private static final Map<String, String> PARTITION = Map.of("generator", "orders");

        private Orders orders;
        private String topic;
        private long records;
        private long next;

        @Override public void start(Map<String, String> given) {
            orders = new Orders(given.get("shape"), Integer.parseInt(given.get("bytes")));
            topic = given.get("topic");
            records = Long.parseLong(given.get("records"));
        }

        @Override public List<SourceRecord> poll() throws InterruptedException {
            int count = (int) Math.min(RECORDS_PER_POLL, records - next);
            if (count == 0) {
                Thread.sleep(IDLE_MS);
                return null;
            }
            List<SourceRecord> batch = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                long n = next++;
                batch.add(new SourceRecord(PARTITION, Map.of("n", n), topic, Schema.STRING_SCHEMA,
                    "order-" + n, orders.schema(), orders.value(n)));
            }
            return batch;
        }

        @Override public void stop() { }
        @Override public String version() { return "1.0.0"; }
    }
}
