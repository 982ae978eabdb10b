package sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** The orders of orders.ts, to the byte. */
final class Orders {
    static final int RECORDS = 1024;
    private static final Schema[] TYPES = {
        Schema.INT64_SCHEMA, Schema.STRING_SCHEMA, Schema.OPTIONAL_STRING_SCHEMA, Schema.FLOAT64_SCHEMA, Schema.INT32_SCHEMA,
        Schema.STRING_SCHEMA, Schema.BOOLEAN_SCHEMA, Schema.INT64_SCHEMA, Schema.OPTIONAL_STRING_SCHEMA, Schema.STRING_SCHEMA,
    };
    private static final String FILLER = "please ring twice, then leave it with the neighbours; ";

    final String[] names;
    final Schema schema;
    private final boolean isShort;
    private final String note;

    Orders(JsonNode spec) {
        names = spec.get("names").asText().split(" ");
        isShort = names[1].length() == 1;
        int noteLength = spec.get("noteLength").asInt();
        note = noteLength == 0 ? null : FILLER.repeat(20).substring(0, noteLength);
        SchemaBuilder builder = SchemaBuilder.struct().name("bench.Order");
        for (int i = 0; i < names.length; i++) builder.field(names[i], TYPES[i]);
        schema = builder.build();
    }

    Object[] values(int i) {
        return new Object[] {
            1_000_000L + i, (isShort ? "c" : "customer-") + i, i % 3 == 0 ? null : isShort ? "c" : "c" + i + "@example.org", i * 1.25 + 0.125, i % 50,
            "EUR", i % 2 == 0, 1_700_000_000_000L + i, note, "NL",
        };
    }

    Map<String, Object> map(int index) {
        Map<String, Object> map = new HashMap<>();
        Object[] values = values(index);
        for (int i = 0; i < names.length; i++) map.put(names[i], values[i]);
        return map;
    }

    /** Each order with a map in it, for Flatten. */
    Map<String, Object> nestedMap(int index) {
        return new HashMap<>(Map.of("order", map(index), "id", 1_000_000L + index));
    }

    Struct struct(Object[] values) {
        Struct struct = new Struct(schema);
        for (int i = 0; i < names.length; i++) struct.put(names[i], values[i]);
        return struct;
    }

    Schema nestedSchema() {
        return SchemaBuilder.struct().name("bench.Nested").field("order", schema).field("id", Schema.INT64_SCHEMA).build();
    }

    Struct nestedStruct(Schema nested, int index) {
        return new Struct(nested).put("order", struct(values(index))).put("id", 1_000_000L + index);
    }
}
