package sluice.parity.data;

import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.ConnectHeaders;

/** A case by hand for both a `$Key` and a `$Value` class. */
record ConnectRecordsCase(Map<String, String> config, Schema schema, Object data, boolean isSink, Long timestamp) {
    static ConnectRecordsCase of(Map<String, String> config, Schema schema, Object data) {
        return new ConnectRecordsCase(config, schema, data, true, 1700000000123L);
    }

    ConnectRecords.Parts asKey() {
        return new ConnectRecords.Parts(isSink, "orders", 3, schema, data, Schema.STRING_SCHEMA, "v", timestamp, new ConnectHeaders());
    }

    ConnectRecords.Parts asValue() {
        return new ConnectRecords.Parts(isSink, "orders", 3, Schema.STRING_SCHEMA, "k", schema, data, timestamp, new ConnectHeaders());
    }
}
