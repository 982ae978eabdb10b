package sluice.parity.data;

import static sluice.parity.data.TransformCases.of;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/** The corners that chance finds too seldom. */
final class HandPicked {
    private static final String[] TYPES = {"int8", "int16", "int32", "int64", "float32", "float64", "boolean", "string"};
    private static final String[] TEXTS = {"0", "1", "-1", "127", "128", "-128", "-129", "32768", "2147483648", "9223372036854775807", "9223372036854775808", "1.5", "1e3", "NaN", "Infinity",
        "-Infinity", "0x1p3", "0x1.8p-2", "1f", "1d", "+5", " 5", "5 ", "", "true", "TRUE", "false", "yes", "1_0", "3.4028236e38", "1e-46", "16777217", "16777217.0000000001",
        "1.00000005960464477539", "1.000000059604644775390625", "0.1", "123456789012345678901234567890", "1e400", "-0", "-0.0", ".5", "5.", ".", "e5", "--1"};
    private static final Object[] NUMBERS = {(byte) 5, (byte) -128, (short) 300, (short) -32768, 70000, Integer.MIN_VALUE, 5_000_000_000L, Long.MAX_VALUE, Long.MIN_VALUE, 9007199254740993L, -1L, 1.5f, -0f,
        Float.NaN, Float.POSITIVE_INFINITY, 3.4e38f, 0.1f, 16777216f, 0.5, -0.0, 1e300, Double.NaN, Double.NEGATIVE_INFINITY, 9.3e18, 4294967296.5, 128.9, -129.9, 1e21, 100d, 1234567d, 12345678d, true, false};

    private HandPicked() {
    }

    private static Schema schemaOf(Object value) {
        if (value instanceof Byte) return Schema.INT8_SCHEMA;
        if (value instanceof Short) return Schema.INT16_SCHEMA;
        if (value instanceof Integer) return Schema.INT32_SCHEMA;
        if (value instanceof Long) return Schema.INT64_SCHEMA;
        if (value instanceof Float) return Schema.FLOAT32_SCHEMA;
        if (value instanceof Double) return Schema.FLOAT64_SCHEMA;
        if (value instanceof Boolean) return Schema.BOOLEAN_SCHEMA;
        return Schema.STRING_SCHEMA;
    }

    static List<ConnectRecordsCase> cast() {
        List<ConnectRecordsCase> cases = new ArrayList<>();
        for (String type : TYPES) {
            for (Object number : NUMBERS) {
                cases.add(ConnectRecordsCase.of(of("spec", type), schemaOf(number), number));
                boolean isNarrow = number instanceof Byte || number instanceof Short || number instanceof Integer;
                if (!isNarrow) cases.add(ConnectRecordsCase.of(of("spec", type), null, number));
            }
            for (String text : TEXTS) cases.add(ConnectRecordsCase.of(of("spec", type), Schema.STRING_SCHEMA, text));
            for (BigDecimal decimal : new BigDecimal[] {new BigDecimal("12.50"), new BigDecimal("-0.001"), new BigDecimal(BigInteger.TWO.pow(70)), new BigDecimal("1E+10"), new BigDecimal("1E-10"), new BigDecimal("1E+70")}) {
                cases.add(ConnectRecordsCase.of(of("spec", type), Decimal.schema(decimal.scale()), decimal));
                cases.add(ConnectRecordsCase.of(of("spec", type), null, decimal));
            }
            cases.add(ConnectRecordsCase.of(of("spec", type), Date.SCHEMA, new java.util.Date(86400000L * 19000)));
            cases.add(ConnectRecordsCase.of(of("spec", type), Date.SCHEMA, new java.util.Date(-86400000L * 19000)));
            cases.add(ConnectRecordsCase.of(of("spec", type), Time.SCHEMA, new java.util.Date(3723004)));
            cases.add(ConnectRecordsCase.of(of("spec", type), Timestamp.SCHEMA, new java.util.Date(1700000000123L)));
            cases.add(ConnectRecordsCase.of(of("spec", type), Timestamp.SCHEMA, new java.util.Date(253402300800000L)));
            cases.add(ConnectRecordsCase.of(of("spec", type), null, new java.util.Date(1700000000123L)));
            cases.add(ConnectRecordsCase.of(of("spec", type), Schema.BYTES_SCHEMA, new byte[] {1, 2, 3}));
            cases.add(ConnectRecordsCase.of(of("spec", type), null, new byte[] {1, 2, 3}));
            cases.add(ConnectRecordsCase.of(of("spec", type), null, new ArrayList<>(List.of(1L))));
            cases.add(ConnectRecordsCase.of(of("spec", type), null, new HashMap<>(Map.of("a", 1L))));
            cases.add(ConnectRecordsCase.of(of("spec", type), SchemaBuilder.array(Schema.INT32_SCHEMA).build(), new ArrayList<>(List.of(1))));
            cases.add(ConnectRecordsCase.of(of("spec", type), SchemaBuilder.int32().optional().defaultValue(7).name("n").version(3).doc("d").parameter("p", "q").build(), 300));
            cases.add(ConnectRecordsCase.of(of("spec", type), Schema.OPTIONAL_INT32_SCHEMA, null));
            cases.add(ConnectRecordsCase.of(of("spec", "a:" + type), Schema.OPTIONAL_INT32_SCHEMA, null));
            cases.add(ConnectRecordsCase.of(of("spec", "a:" + type), Schema.INT32_SCHEMA, 1));
            cases.add(ConnectRecordsCase.of(of("spec", "a:" + type), null, "text"));
            cases.addAll(withDefaults(of("spec", "a:" + type + ",b:" + type)));
        }
        return cases;
    }

    /** A struct with a defaulted optional and a defaulted required field, null and not. */
    private static List<ConnectRecordsCase> withDefaults(Map<String, String> config) {
        Schema schema = SchemaBuilder.struct().name("S").optional()
            .field("a", SchemaBuilder.int32().optional().defaultValue(42).build())
            .field("b", SchemaBuilder.int64().defaultValue(43L).build())
            .field("c", SchemaBuilder.string().optional().defaultValue("dflt").build()).build();
        List<ConnectRecordsCase> cases = new ArrayList<>();
        for (String replaces : new String[] {"true", "false"}) {
            Map<String, String> own = new HashMap<>(config);
            own.put("replace.null.with.default", replaces);
            cases.add(ConnectRecordsCase.of(own, schema, new Struct(schema)));
            cases.add(ConnectRecordsCase.of(own, schema, new Struct(schema).put("b", 5L)));
            cases.add(ConnectRecordsCase.of(own, schema, new Struct(schema).put("a", 1).put("b", 2L).put("c", "x")));
            cases.add(ConnectRecordsCase.of(own, schema, null));
        }
        return cases;
    }

    private static Schema nestedSchema() {
        Schema inner = SchemaBuilder.struct().optional().name("Inner").field("b", Schema.OPTIONAL_STRING_SCHEMA).field("c", SchemaBuilder.int32().optional().defaultValue(9).build()).build();
        return SchemaBuilder.struct().name("Outer").field("a", inner).field("x.y", Schema.INT64_SCHEMA).field("d", Schema.OPTIONAL_FLOAT64_SCHEMA).build();
    }

    private static Struct nested(boolean hasInner) {
        Schema schema = nestedSchema();
        Struct inner = hasInner ? new Struct(schema.field("a").schema()).put("b", "bee") : null;
        return new Struct(schema).put("a", inner).put("x.y", 11L).put("d", 2.5);
    }

    private static Map<String, Object> nestedMap(Object inner) {
        Map<String, Object> map = new HashMap<>();
        map.put("a", inner);
        map.put("x.y", 11L);
        map.put("d", 2.5);
        return map;
    }

    static List<ConnectRecordsCase> extractField() {
        List<ConnectRecordsCase> cases = new ArrayList<>(withDefaults(of("field", "a")));
        cases.addAll(withDefaults(of("field", "b")));
        String[] paths = {"a", "a.b", "a.c", "a.nope", "nope.b", "x.y", "`x.y`", "`a`.b", "a.`b`", "a.b.c", "x.y.z", "", ".", "a.", ".a", "a..b", "`a", "`a`b`", "`a\\`.b`", "a.`b`c", "`", "``", "a.b`", "d.e"};
        for (String path : paths) {
            for (String version : new String[] {"V1", "V2"}) {
                if (path.isEmpty() && version.equals("V2")) continue;
                Map<String, String> config = of("field", path, "field.syntax.version", version);
                cases.add(ConnectRecordsCase.of(config, nestedSchema(), nested(true)));
                cases.add(ConnectRecordsCase.of(config, nestedSchema(), nested(false)));
                cases.add(ConnectRecordsCase.of(config, null, nestedMap(new HashMap<>(Map.of("b", "bee", "c", 1L)))));
                cases.add(ConnectRecordsCase.of(config, null, nestedMap(null)));
                cases.add(ConnectRecordsCase.of(config, null, null));
            }
        }
        cases.add(ConnectRecordsCase.of(of("field", "a"), Schema.OPTIONAL_STRING_SCHEMA, null));
        cases.add(ConnectRecordsCase.of(of("field", "a"), Schema.STRING_SCHEMA, "x"));
        cases.add(ConnectRecordsCase.of(of("field", "a"), null, "x"));
        cases.add(ConnectRecordsCase.of(of("field", "a"), null, 7L));
        return cases;
    }

    static List<ConnectRecordsCase> flatten() {
        List<ConnectRecordsCase> cases = new ArrayList<>();
        cases.add(ConnectRecordsCase.of(of(), nestedSchema(), nested(true)));
        cases.add(ConnectRecordsCase.of(of(), nestedSchema(), nested(false)));
        cases.add(ConnectRecordsCase.of(of(), nestedSchema(), null));
        cases.add(ConnectRecordsCase.of(of(), null, nestedMap(nestedMap(nestedMap(null)))));
        cases.add(ConnectRecordsCase.of(of(), null, nestedMap(new HashMap<>())));
        cases.add(ConnectRecordsCase.of(of(), null, nestedMap(List.of(Map.of("q", 1L)))));
        cases.add(ConnectRecordsCase.of(of(), null, nestedMap(new BigDecimal("1.5"))));
        cases.add(ConnectRecordsCase.of(of(), null, "x"));
        cases.add(ConnectRecordsCase.of(of(), Schema.STRING_SCHEMA, "x"));
        Schema withMap = SchemaBuilder.struct().field("m", SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT32_SCHEMA).build()).build();
        cases.add(ConnectRecordsCase.of(of(), withMap, new Struct(withMap).put("m", Map.of())));
        Schema inner = SchemaBuilder.struct().field("r", Schema.INT32_SCHEMA).field("o", Schema.OPTIONAL_INT32_SCHEMA).field("dflt", SchemaBuilder.int32().defaultValue(5).build()).build();
        Schema optionalInner = SchemaBuilder.struct().optional().field("r", Schema.INT32_SCHEMA).field("dflt", SchemaBuilder.int32().optional().defaultValue(6).build())
            .field("deep", SchemaBuilder.struct().optional().field("z", Schema.STRING_SCHEMA).build()).build();
        Schema outer = SchemaBuilder.struct().field("i", inner).field("oi", optionalInner).field("l", SchemaBuilder.array(inner).optional().build()).build();
        Struct full = new Struct(outer).put("i", new Struct(inner).put("r", 1)).put("oi", new Struct(optionalInner).put("r", 2).put("deep", new Struct(optionalInner.field("deep").schema()).put("z", "zed")));
        cases.add(ConnectRecordsCase.of(of("delimiter", "_"), outer, full));
        cases.add(ConnectRecordsCase.of(of("delimiter", "_"), outer, new Struct(outer).put("i", new Struct(inner).put("r", 1))));
        cases.add(ConnectRecordsCase.of(of("delimiter", "_"), outer, new Struct(outer).put("i", new Struct(inner).put("r", 1)).put("oi", new Struct(optionalInner).put("r", 3))));
        Schema optionalRoot = SchemaBuilder.struct().optional().field("i", inner).build();
        cases.add(ConnectRecordsCase.of(of(), optionalRoot, new Struct(optionalRoot).put("i", new Struct(inner).put("r", 8))));
        Schema clash = SchemaBuilder.struct().field("a.b", Schema.INT32_SCHEMA).field("a", SchemaBuilder.struct().field("b", Schema.INT32_SCHEMA).build()).build();
        cases.add(ConnectRecordsCase.of(of(), clash, new Struct(clash).put("a.b", 1).put("a", new Struct(clash.field("a").schema()).put("b", 2))));
        return cases;
    }

    static List<ConnectRecordsCase> headerFrom() {
        List<ConnectRecordsCase> cases = new ArrayList<>();
        for (String operation : new String[] {"move", "copy"}) {
            Map<String, String> config = of("fields", "x.y,d", "headers", "h1,h2", "operation", operation);
            cases.add(ConnectRecordsCase.of(config, nestedSchema(), nested(true)));
            cases.add(ConnectRecordsCase.of(config, null, nestedMap(null)));
            cases.add(ConnectRecordsCase.of(config, null, null));
            cases.add(ConnectRecordsCase.of(config, nestedSchema(), null));
            cases.add(ConnectRecordsCase.of(config, Schema.INT32_SCHEMA, 5));
            cases.add(ConnectRecordsCase.of(of("fields", "a,a", "headers", "h1,h1", "operation", operation), nestedSchema(), nested(true)));
            cases.addAll(withDefaults(of("fields", "a,b", "headers", "ha,hb", "operation", operation)));
        }
        return cases;
    }

    static List<ConnectRecordsCase> hoistField() {
        List<ConnectRecordsCase> cases = new ArrayList<>();
        cases.add(ConnectRecordsCase.of(of("field", "f"), null, null));
        cases.add(ConnectRecordsCase.of(of("field", "f"), null, 7L));
        cases.add(ConnectRecordsCase.of(of("field", "f"), Schema.INT32_SCHEMA, 7));
        cases.add(ConnectRecordsCase.of(of("field", "f"), Schema.INT32_SCHEMA, null));
        cases.add(ConnectRecordsCase.of(of("field", "f"), Schema.OPTIONAL_INT32_SCHEMA, null));
        cases.add(ConnectRecordsCase.of(of("field", "__proto__"), Timestamp.SCHEMA, new java.util.Date(1)));
        return cases;
    }

    static List<ConnectRecordsCase> insertField() {
        List<ConnectRecordsCase> cases = new ArrayList<>(withDefaults(of("topic.field", "t")));
        Map<String, String> all = of("topic.field", "t!", "partition.field", "p!", "offset.field", "o?", "timestamp.field", "ts!", "static.field", "s", "static.value", "fixed");
        cases.add(ConnectRecordsCase.of(all, nestedSchema(), nested(true)));
        cases.add(ConnectRecordsCase.of(all, null, nestedMap(null)));
        cases.add(new ConnectRecordsCase(all, nestedSchema(), nested(true), true, null));
        cases.add(new ConnectRecordsCase(all, null, nestedMap(null), true, null));
        cases.add(new ConnectRecordsCase(all, nestedSchema(), nested(true), false, 5L));
        cases.add(new ConnectRecordsCase(all, null, nestedMap(null), false, 5L));
        cases.add(ConnectRecordsCase.of(of("topic.field", "d"), nestedSchema(), nested(true)));
        cases.add(ConnectRecordsCase.of(of("topic.field", "d"), null, nestedMap(null)));
        cases.add(ConnectRecordsCase.of(all, nestedSchema(), null));
        cases.add(ConnectRecordsCase.of(all, Schema.STRING_SCHEMA, "x"));
        cases.add(ConnectRecordsCase.of(all, null, "x"));
        return cases;
    }

    static List<ConnectRecordsCase> maskField() {
        List<ConnectRecordsCase> cases = new ArrayList<>(withDefaults(of("fields", "a,b")));
        Object[] values = {(byte) 1, (short) 1, 1, 1L, 1.5f, 1.5, true, "x", new byte[] {1}, new ArrayList<>(List.of(1L)), new HashMap<>(Map.of("k", 1L)), new java.util.Date(5), new BigDecimal("1.50")};
        Schema[] schemas = {Schema.INT8_SCHEMA, Schema.INT16_SCHEMA, Schema.INT32_SCHEMA, Schema.INT64_SCHEMA, Schema.FLOAT32_SCHEMA, Schema.FLOAT64_SCHEMA, Schema.BOOLEAN_SCHEMA, Schema.STRING_SCHEMA, Schema.BYTES_SCHEMA,
            SchemaBuilder.array(Schema.INT64_SCHEMA).build(), SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT64_SCHEMA).build(), Timestamp.SCHEMA, Decimal.schema(2)};
        for (String replacement : new String[] {null, "7", "-1.5", "300", "1e3", "x", "99999999999999999999", "0x10", "NaN", " 1"}) {
            for (int i = 0; i < values.length; i++) {
                Map<String, String> config = of("fields", "a");
                if (replacement != null) config.put("replacement", replacement);
                Schema schema = SchemaBuilder.struct().field("a", schemas[i]).build();
                cases.add(ConnectRecordsCase.of(config, schema, new Struct(schema).put("a", values[i])));
                Map<String, Object> map = new HashMap<>();
                map.put("a", values[i]);
                if (i > 2) cases.add(ConnectRecordsCase.of(config, null, map));
            }
        }
        cases.add(ConnectRecordsCase.of(of("fields", "a"), nestedSchema(), nested(true)));
        cases.add(ConnectRecordsCase.of(of("fields", "a"), nestedSchema(), null));
        cases.add(ConnectRecordsCase.of(of("fields", "zz"), null, nestedMap(null)));
        cases.add(ConnectRecordsCase.of(of("fields", "a"), null, null));
        cases.add(ConnectRecordsCase.of(of("fields", "a"), null, "x"));
        return cases;
    }

    static List<ConnectRecordsCase> replaceField() {
        List<ConnectRecordsCase> cases = new ArrayList<>(withDefaults(of("exclude", "c")));
        for (Map<String, String> config : List.of(of("exclude", "a,d"), of("include", "d"), of("include", "a,d", "exclude", "a"), of("renames", "d:dee"), of("renames", "d:a,a:d"), of("exclude", "a,x.y,d"), of())) {
            cases.add(ConnectRecordsCase.of(config, nestedSchema(), nested(true)));
            cases.add(ConnectRecordsCase.of(config, null, nestedMap("q")));
            cases.add(ConnectRecordsCase.of(config, nestedSchema(), null));
            cases.add(ConnectRecordsCase.of(config, null, null));
        }
        cases.add(ConnectRecordsCase.of(of("renames", "a:d"), nestedSchema(), nested(true)));
        cases.add(ConnectRecordsCase.of(of("exclude", "a"), Schema.STRING_SCHEMA, "x"));
        cases.add(ConnectRecordsCase.of(of("exclude", "a"), null, "x"));
        return cases;
    }

    static List<ConnectRecordsCase> setSchemaMetadata() {
        List<ConnectRecordsCase> cases = new ArrayList<>(withDefaults(of("schema.name", "N", "schema.version", "2")));
        cases.add(ConnectRecordsCase.of(of("schema.name", "N"), null, null));
        cases.add(ConnectRecordsCase.of(of("schema.name", "N"), null, 5L));
        cases.add(ConnectRecordsCase.of(of("schema.name", "N"), Schema.INT32_SCHEMA, 5));
        cases.add(ConnectRecordsCase.of(of("schema.version", "4"), SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT32_SCHEMA).build(), Map.of("k", 1)));
        cases.add(ConnectRecordsCase.of(of("schema.version", "4"), SchemaBuilder.array(Schema.STRING_SCHEMA).optional().build(), null));
        return cases;
    }

    static List<ConnectRecordsCase> timestampConverter() {
        List<ConnectRecordsCase> cases = new ArrayList<>();
        java.util.Date[] dates = {new java.util.Date(0), new java.util.Date(1700000000123L), new java.util.Date(-1), new java.util.Date(-62135596800000L), new java.util.Date(253402300800000L), new java.util.Date(951782400000L)};
        String format = "yyyy-MM-dd HH:mm:ss.SSS";
        for (String target : new String[] {"string", "unix", "Date", "Time", "Timestamp"}) {
            for (String precision : new String[] {"seconds", "milliseconds", "microseconds", "nanoseconds"}) {
                Map<String, String> config = of("target.type", target, "format", format, "unix.precision", precision);
                for (java.util.Date date : dates) {
                    cases.add(ConnectRecordsCase.of(config, Timestamp.SCHEMA, date));
                    cases.add(ConnectRecordsCase.of(config, null, date));
                }
                for (Long unix : new Long[] {0L, 1700000000L, 1700000000123L, 1700000000123456L, 1700000000123456789L, -1L, -1500L, -999999L}) {
                    // A Java Date holds what a JavaScript one does not.
                    if (precision.equals("seconds") && unix > 8640000000000L || precision.equals("milliseconds") && unix > 8640000000000000L) continue;
                    cases.add(ConnectRecordsCase.of(config, Schema.INT64_SCHEMA, unix));
                    cases.add(ConnectRecordsCase.of(config, null, unix));
                }
            }
            Map<String, String> config = of("target.type", target, "format", format);
            cases.add(ConnectRecordsCase.of(config, Schema.STRING_SCHEMA, "2024-02-29 12:34:56.789"));
            cases.add(ConnectRecordsCase.of(config, Schema.STRING_SCHEMA, "nonsense"));
            cases.add(ConnectRecordsCase.of(config, null, "2024-02-30 25:61:61.9999"));
            cases.add(ConnectRecordsCase.of(config, Schema.INT32_SCHEMA, 5));
            cases.add(ConnectRecordsCase.of(config, Schema.OPTIONAL_INT32_SCHEMA, null));
            cases.add(ConnectRecordsCase.of(config, Schema.OPTIONAL_INT64_SCHEMA, null));
            cases.add(ConnectRecordsCase.of(config, null, null));
            cases.add(ConnectRecordsCase.of(config, null, 1.5));
            cases.add(ConnectRecordsCase.of(config, null, new HashMap<>(Map.of("a", 1L))));
            cases.add(ConnectRecordsCase.of(config, Date.SCHEMA, new java.util.Date(86400000L * 19000)));
            cases.add(ConnectRecordsCase.of(config, Time.builder().optional().build(), new java.util.Date(3723004)));
            Map<String, String> field = of("target.type", target, "format", format, "field", "ts");
            Schema schema = SchemaBuilder.struct().optional().name("S").field("ts", SchemaBuilder.int64().optional().defaultValue(1000L).build()).field("o", Schema.STRING_SCHEMA).build();
            cases.add(ConnectRecordsCase.of(field, schema, new Struct(schema).put("ts", 1700000000123L).put("o", "x")));
            cases.add(ConnectRecordsCase.of(field, schema, new Struct(schema).put("o", "x")));
            cases.add(ConnectRecordsCase.of(of("target.type", target, "format", format, "field", "ts", "replace.null.with.default", "false"), schema, new Struct(schema).put("o", "x")));
            cases.add(ConnectRecordsCase.of(field, schema, null));
            cases.add(ConnectRecordsCase.of(of("target.type", target, "format", format, "field", "nope"), schema, new Struct(schema).put("o", "x")));
            cases.add(ConnectRecordsCase.of(field, null, new HashMap<>(Map.of("ts", 1700000000123L))));
            cases.add(ConnectRecordsCase.of(field, null, new HashMap<>(Map.of("o", 1L))));
            cases.add(ConnectRecordsCase.of(field, null, "x"));
            cases.add(ConnectRecordsCase.of(field, Schema.STRING_SCHEMA, "x"));
        }
        return cases;
    }

    static List<TransformCases.Case> valueToKey() {
        List<TransformCases.Case> cases = new ArrayList<>();
        List<ConnectRecordsCase> shared = new ArrayList<>(withDefaults(of("fields", "a,b")));
        shared.add(ConnectRecordsCase.of(of("fields", "a,nope"), nestedSchema(), nested(true)));
        shared.add(ConnectRecordsCase.of(of("fields", "a,nope"), null, nestedMap("q")));
        shared.add(ConnectRecordsCase.of(of("fields", "a.b"), nestedSchema(), nested(true)));
        shared.add(ConnectRecordsCase.of(of("fields", "a"), null, null));
        shared.add(ConnectRecordsCase.of(of("fields", "a"), Schema.STRING_SCHEMA, "x"));
        for (ConnectRecordsCase one : shared) cases.add(new TransformCases.Case(one.config(), one.asValue()));
        return cases;
    }
}
