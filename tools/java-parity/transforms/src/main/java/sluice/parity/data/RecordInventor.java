package sluice.parity.data;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.header.ConnectHeaders;

/** Records of a seed whose fields have few names, so that configs hit them. */
final class RecordInventor {
    static final String[] NAMES = {"a", "b", "c", "d", "e", "x.y", "__proto__", "constructor"};
    static final String[] TOPICS = {"orders", "db.shop.orders", "a-b_c", "topic-42", "x"};

    final Inventor inventor;

    RecordInventor(long seed) {
        inventor = new Inventor(seed);
    }

    ConnectRecords.Parts record(boolean isKey, boolean isStruct) {
        Schema schema = null;
        Object value;
        if (isStruct) {
            schema = struct(2);
            value = inventor.value(schema, 0.25);
        } else value = map(2);
        return record(isKey, schema, value);
    }

    ConnectRecords.Parts record(boolean isKey, Schema schema, Object value) {
        boolean isSink = inventor.chance(0.7);
        Integer partition = isSink || inventor.chance(0.5) ? Integer.valueOf(inventor.random.nextInt(9)) : null;
        Long timestamp = inventor.chance(0.8) ? Long.valueOf(inventor.pick(new Long[] {0L, 1700000000123L, -1L, 951782400000L, 4102444800000L})) : null;
        ConnectHeaders headers = new ConnectHeaders();
        for (int i = inventor.random.nextInt(4); i > 0; i--) headers.addString(inventor.pick(NAMES), "h" + i);
        Schema otherSchema = inventor.chance(0.5) ? Schema.OPTIONAL_STRING_SCHEMA : null;
        Object other = inventor.chance(0.7) ? "other" : null;
        return new ConnectRecords.Parts(isSink, inventor.pick(TOPICS), partition, isKey ? schema : otherSchema, isKey ? value : other,
            isKey ? otherSchema : schema, isKey ? other : value, timestamp, headers);
    }

    /** A struct schema, perhaps with structs in it. */
    Schema struct(int depth) {
        SchemaBuilder builder = SchemaBuilder.struct();
        int size = inventor.random.nextInt(6);
        for (int i = 0; i < size; i++) {
            String name = inventor.pick(NAMES);
            if (builder.field(name) != null) continue;
            boolean isInner = depth > 0 && inventor.chance(0.25);
            builder.field(name, isInner ? struct(depth - 1) : inventor.schema(inventor.chance(0.2) ? 1 : 0));
        }
        if (inventor.chance(0.3)) builder.optional();
        if (inventor.chance(0.3)) builder.name("org.example.Order").version(2);
        if (inventor.chance(0.2)) builder.doc("Doc.").parameter("p", "1");
        return builder.build();
    }

    Map<String, Object> map(int depth) {
        Map<String, Object> map = new HashMap<>();
        int size = inventor.random.nextInt(6);
        for (int i = 0; i < size; i++) map.put(inventor.pick(NAMES), schemaless(depth));
        return map;
    }

    /** As JSON would give it: integers are Long, floats Double; now and then something rarer. */
    Object schemaless(int depth) {
        return switch (inventor.random.nextInt(depth > 0 ? 14 : 11)) {
            case 0, 1 -> null;
            case 2, 3 -> inventor.value(Schema.INT64_SCHEMA, 0);
            case 4, 5 -> inventor.pick(new Double[] {0.5, 1.0, -0.0, 1e300, 3.7, -2.5, Double.NaN, 9.007199254740993e15});
            case 6 -> inventor.chance(0.5);
            case 7, 8 -> inventor.pick(new String[] {"", "text", "12", "-7", "3.5", "true", "2024-02-29", "99999999999"});
            case 9 -> inventor.chance(0.5) ? inventor.bytes() : inventor.pick(new Float[] {1f, 0.1f, 1e10f});
            case 10 -> inventor.chance(0.5) ? new java.util.Date(1700000000123L) : new BigDecimal("12.50");
            case 11 -> {
                List<Object> list = new ArrayList<>();
                for (int i = inventor.random.nextInt(3); i > 0; i--) list.add(schemaless(0));
                yield list;
            }
            default -> map(depth - 1);
        };
    }

    /** One to three names. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        int size = 1 + inventor.random.nextInt(3);
        while (names.size() < size) {
            String name = inventor.pick(NAMES);
            if (!names.contains(name)) names.add(name);
        }
        return names;
    }

    String nameList() {
        return String.join(",", names());
    }

    Map<String, String> config(String... pairs) {
        Map<String, String> config = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) config.put(pairs[i], pairs[i + 1]);
        return config;
    }
}
