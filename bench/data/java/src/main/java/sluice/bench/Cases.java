package sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.transforms.Transformation;

/** The work of a case of cases.ts, with Kafka's own classes. */
final class Cases {
    private static final String TOPIC = "shop.orders";

    private Cases() {
    }

    static Main.Work workOf(JsonNode spec) throws Exception {
        Orders orders = new Orders(spec.get("order"));
        boolean isStruct = spec.get("isStruct").asBoolean();
        boolean isNested = spec.path("isNested").asBoolean();
        Schema struct = isNested ? orders.nestedSchema() : orders.schema;
        Schema schema = isStruct ? struct : null;
        Object[] values = new Object[Orders.RECORDS];
        for (int i = 0; i < values.length; i++) {
            if (spec.path("isText").asBoolean()) values[i] = "order-" + (1_000_000 + i);
            else if (isNested) values[i] = isStruct ? orders.nestedStruct(struct, i) : orders.nestedMap(i);
            else values[i] = isStruct ? orders.struct(orders.values(i)) : orders.map(i);
        }
        switch (spec.get("kind").asText()) {
            case "write": {
                Converter converter = converter(spec);
                return i -> converter.fromConnectData(TOPIC, schema, values[i]);
            }
            case "read": {
                Converter converter = converter(spec);
                byte[][] messages = new byte[values.length][];
                for (int i = 0; i < values.length; i++) messages[i] = converter.fromConnectData(TOPIC, schema, values[i]);
                return i -> converter.toConnectData(TOPIC, messages[i]);
            }
            case "build": {
                Object[][] parts = new Object[values.length][];
                for (int i = 0; i < values.length; i++) parts[i] = orders.values(i);
                return i -> {
                    Struct made = orders.struct(parts[i]);
                    made.validate();
                    return made;
                };
            }
            default:
                return transform(spec, schema, values);
        }
    }

    /** What both sides make of one order has to be the same. */
    static String sampleOf(Object made) {
        if (made instanceof byte[] bytes) return "bytes " + bytes.length;
        if (made instanceof SchemaAndValue read) return "read " + (read.value() instanceof Struct s ? s.get(s.schema().fields().get(0)) : ((Map<?, ?>) read.value()).size());
        if (made instanceof SinkRecord record) return "record " + record.topic();
        return "struct " + ((Struct) made).schema().fields().size();
    }

    private static Converter converter(JsonNode spec) throws Exception {
        Converter converter = (Converter) Class.forName(spec.get("converter").asText()).getDeclaredConstructor().newInstance();
        converter.configure(propsOf(spec.get("props")), false);
        return converter;
    }

    private static Main.Work transform(JsonNode spec, Schema schema, Object[] values) throws Exception {
        List<Transformation<SinkRecord>> chain = new ArrayList<>();
        for (JsonNode step : spec.get("steps")) chain.add(transformation(step));
        SinkRecord[] records = new SinkRecord[values.length];
        for (int i = 0; i < records.length; i++) {
            records[i] = new SinkRecord(TOPIC, i % 12, null, null, schema, values[i], i, 1_700_000_000_000L + i, TimestampType.CREATE_TIME);
        }
        return i -> {
            SinkRecord record = records[i];
            for (Transformation<SinkRecord> transformation : chain) record = transformation.apply(record);
            return record;
        };
    }

    private static Transformation<SinkRecord> transformation(JsonNode step) throws Exception {
        Transformation<SinkRecord> made = Utils.newInstance("org.apache.kafka.connect.transforms." + step.get("name").asText(), Transformation.class);
        made.configure(propsOf(step.get("props")));
        return made;
    }

    private static Map<String, String> propsOf(JsonNode node) {
        Map<String, String> props = new HashMap<>();
        node.fields().forEachRemaining(entry -> props.put(entry.getKey(), entry.getValue().asText()));
        return props;
    }
}
