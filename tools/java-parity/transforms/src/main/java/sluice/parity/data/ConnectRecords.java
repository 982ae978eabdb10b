package sluice.parity.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;

/** Records for transformations, and their form in a recording. */
final class ConnectRecords {
    static final long OFFSET = 42;

    private ConnectRecords() {
    }

    /** What a record is made of. */
    record Parts(boolean isSink, String topic, Integer partition, Schema keySchema, Object key, Schema valueSchema, Object value,
                 Long timestamp, ConnectHeaders headers) {
        static Parts ofValue(Schema schema, Object value) {
            return new Parts(true, "orders", 3, null, null, schema, value, 1700000000123L, new ConnectHeaders());
        }

        ConnectRecord<?> toRecord() {
            if (isSink) {
                return new SinkRecord(topic, partition, keySchema, key, valueSchema, value, OFFSET, timestamp, TimestampType.CREATE_TIME, headers);
            }
            return new SourceRecord(Map.of("p", "x"), Map.of("o", 1L), topic, partition, keySchema, key, valueSchema, value, timestamp, headers);
        }
    }

    static ObjectNode tagged(ConnectRecord<?> record) {
        ObjectNode node = Recording.JSON.createObjectNode();
        node.put("sink", record instanceof SinkRecord);
        node.put("topic", record.topic());
        node.put("partition", record.kafkaPartition());
        if (record.timestamp() != null) node.put("timestamp", record.timestamp().toString());
        if (record.keySchema() != null) node.set("keySchema", Tagged.schema(record.keySchema()));
        if (record.key() != null) node.set("key", Tagged.value(record.key()));
        if (record.valueSchema() != null) node.set("valueSchema", Tagged.schema(record.valueSchema()));
        if (record.value() != null) node.set("value", Tagged.value(record.value()));
        if (!record.headers().isEmpty()) {
            ArrayNode headers = node.putArray("headers");
            for (Header header : record.headers()) {
                headers.addArray().add(header.key()).add(Tagged.schema(header.schema())).add(Tagged.value(header.value()));
            }
        }
        return node;
    }

    static ObjectNode strings(Map<String, String> config) {
        return Tagged.strings(config);
    }

    static ConnectHeaders headers(List<String> keys) {
        ConnectHeaders headers = new ConnectHeaders();
        for (String key : keys) headers.addString(key, "v-" + key);
        return headers;
    }
}
