package sluice.parity.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.data.Values;

/** String inference and all conversions of `Values`. */
final class ValuesRecorder {
    private static final String[] PIECES = {
        "[", "]", "{", "}", ":", ",", "\"", " ", "\\", "1", "2", "12", "300", "-5", "1.5", "1e3", "9999999999", "true", "false", "null", "foo", "a b",
        "\"x\"", "\"a\":1", "{}", "[]", "2024-01-31", "12:34:56.789Z", "2024-01-31T12:34:56.789Z", "\\:", "\\\"", "\t", "é", "😀"};
    private static final String[] TEXTS = {
        "null", " null ", "null,", "true", "TRUE", " true ", "true}", "false", "false,", "1", "+1", "-1", "1.0", "1.5", "3E2", "1e400", "1e-400", "1e+100000000",
        "1e-100000000", "0e100000000", "127", "128", "-128", "-129", "32767", "32768", "-32769", "2147483647", "2147483648", "-2147483649",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "3.141592653589793", "1.7976931348623157e308",
        "3.4028234e38", "3.5e38", "1e39", "123456789.123456789", "0.1", ".5", "5.", "-.5", "+", "-", "1-2", "1 2", "1,2", "[1]x", "[1] ", "1]", "[1,2", "[1 2]",
        "[1,,2]", "[,1]", "[1,]", "[1,2,]", "[null]", "[1,null]", "[null,1]", "[[1],[2]]", "[[1],[\"a\"]]", "[]", "[ ]", "[ 1 , 2 ]", "[1,2.5]", "[1,300]",
        "[1,\"a\"]", "[\"a\",\"b\"]", "[true,false]", "[true,1]", "[foo]", "[\"foo\"", "[1.5,1e300]", "[1,9999999999]", "[1.5,9999999999]",
        "[99999999999999999999]", "[1,99999999999999999999]", "{}", "{ }", "{\"a\":1}", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{\"a\":1,\"b\":2.5}", "{a:1}", "{1:a}", "{1:2}",
        "{1:2,300:4}", "{\"a\":null}", "{\"a\":null,\"b\":1}", "{null:1}", "{\"a\":[1,2]}", "{\"a\":{\"b\":1}}", "{\"a\" : \"b\"}", "{\"a\":}", "{:1}", "{\"a\"}",
        "{\"a\":1,\"a\":2}", "{\"a\\\"b\":1}", "[\"a\\\"b\"]", "[\"a,b\"]", "[\"[\"]", "\"quoted\"", "\"12\"", " \"x\"", "2024-01-31", "2024-1-31", "2024-13-45", "0000-00-00",
        "1500-01-01", "1582-10-10", "1582-10-15", "0001-01-01", "9999-12-31", "12345-1-01", "2024-01-3x", "20240-1-31", "12:34:56.789Z", "25:61:61.999Z",
        "12:34:56.789X", "00:00:00.000Z", "2024-01-31T12:34:56.789Z", "2024-01-31T12\\:34\\:56.789Z", "2024-01-31 12:34:56.789Z", "1969-12-31T23:59:59.999Z",
        "[2024-01-31]", "[\"2024-01-31\"]", "[12:34:56.789Z]", "[\"12:34:56.789Z\"]", "[1,2024-01-31]", "[2024-01-31,1]", "[2024-01-31,9999999999]",
        "{2024-01-31:1}", "{\"t\":12:34:56.789Z}", "[2024-01-31,2024-01-31T12:34:56.789Z]", " 12 ", "\t12\n", "12abc", "1.2.3", "1e", "0x1F", "NaN", "Infinity",
        "-Infinity", "\u0661\u0662\u0663", "\u06611", "abc", " ", "   ", "\\", "\\\\", "a\\:b", "a:b", ":", ",", "\"", "[", "]", "{", "}", "[[[[1]]]]", "[[1],2]",
        "00012", "-0", "-0.0", "0.0", "1d", "1f", "1L", "1_000", "1,000", "$1", "1%", "é", "😀", "a,b,c", "hello, world", "it's", "C:\\path", "http://x.y/z?a=1",
        "{\"__proto__\":1}", "{\"constructor\":{\"prototype\":1}}", "2024--1-01", "2024-01--1", "-024-01-01", "+024-01-01", "    1-1-1 ", "1-1-1     ", "12:34:56.7890",
        "1:2:3.4Zxxxxx", "2024-01-31T1:2:3.4Zxxxx", "12:34:56,789Z", "\u0661\u0662:34:56.789Z"};

    private final Inventor inventor = new Inventor(22);

    private interface Conversion {
        Object of(Schema schema, Object value);
    }

    void record(Path folder) throws IOException {
        try (Recording out = new Recording(folder, "parse-string")) {
            for (String text : parseTexts()) recordParse(out, text);
        }
        try (Recording out = new Recording(folder, "values")) {
            recordConversions(out);
            for (int i = 0; i < 1500; i++) {
                Schema schema = inventor.schema(2);
                recordToString(out, schema, inventor.value(schema, 0.2));
                recordToString(out, null, inventor.schemaless(3));
            }
        }
    }

    private void recordParse(Recording out, String text) throws IOException {
        out.record(Recording.line("parse").put("text", text), line -> {
            SchemaAndValue parsed = Values.parseString(text);
            if (parsed == null) return;
            line.set("schema", Tagged.schema(parsed.schema()));
            line.set("value", Tagged.value(parsed.value()));
        });
    }

    private Set<String> parseTexts() {
        Set<String> texts = new LinkedHashSet<>(List.of(TEXTS));
        texts.addAll(List.of(Inventor.TEXTS));
        for (int i = 0; i < 2600; i++) {
            StringBuilder text = new StringBuilder();
            int length = inventor.random.nextInt(7) + 1;
            for (int j = 0; j < length; j++) text.append(inventor.pick(PIECES));
            texts.add(text.toString());
        }
        for (int i = 0; i < 2200; i++) texts.add(collection(2));
        char[] numeric = "0123456789+-.eE:TZ".toCharArray();
        for (int i = 0; i < 1500; i++) {
            int[] lengths = {10, 13, 24, 3, 6};
            int length = lengths[inventor.random.nextInt(5)];
            StringBuilder text = new StringBuilder();
            for (int j = 0; j < length; j++) text.append(numeric[inventor.random.nextInt(numeric.length)]);
            texts.add(text.toString());
        }
        for (int i = 0; i < 700; i++) {
            java.util.Random r = inventor.random;
            texts.add(String.format("%04d-%02d-%02d", r.nextInt(3000), r.nextInt(15), r.nextInt(35)));
            texts.add(String.format("%02d:%02d:%02d.%03dZ", r.nextInt(30), r.nextInt(70), r.nextInt(70), r.nextInt(1000)));
        }
        return texts;
    }

    /** Something that mostly is a collection. */
    private String collection(int depth) {
        String[] scalars = {"1", "300", "-70000", "9999999999", "1.5", "1e300", "true", "false", "null", "\"a\"", "\"b c\"", "2024-01-31", "\"2024-01-31\"",
            "12:34:56.789Z", "99999999999999999999", "foo", "\"\"", " 7 ", "\"x\\\"y\"", "2024-01-31T12:34:56.789Z"};
        if (depth == 0 || inventor.chance(0.3)) return inventor.pick(scalars);
        List<String> parts = new ArrayList<>();
        int size = inventor.random.nextInt(4);
        String base = inventor.pick(scalars);
        boolean isUniform = inventor.chance(0.5);
        boolean isMap = inventor.chance(0.4);
        for (int i = 0; i < size; i++) {
            String item = isUniform ? base : collection(depth - 1);
            parts.add(isMap ? (inventor.chance(0.8) ? "\"k" + i + "\"" : inventor.pick(scalars)) + ":" + item : item);
        }
        String joined = String.join(inventor.chance(0.5) ? "," : " , ", parts);
        return isMap ? "{" + joined + "}" : "[" + joined + "]";
    }

    private void recordConversions(Recording out) throws IOException {
        Map<String, Conversion> conversions = new LinkedHashMap<>();
        conversions.put("boolean", Values::convertToBoolean);
        conversions.put("byte", Values::convertToByte);
        conversions.put("short", Values::convertToShort);
        conversions.put("integer", Values::convertToInteger);
        conversions.put("long", Values::convertToLong);
        conversions.put("float", Values::convertToFloat);
        conversions.put("double", Values::convertToDouble);
        conversions.put("string", Values::convertToString);
        conversions.put("list", Values::convertToList);
        conversions.put("map", Values::convertToMap);
        conversions.put("struct", Values::convertToStruct);
        conversions.put("date", Values::convertToDate);
        conversions.put("time", Values::convertToTime);
        conversions.put("timestamp", Values::convertToTimestamp);
        conversions.put("decimal", (schema, value) -> Values.convertToDecimal(schema, value, 2));
        for (SchemaAndValue input : inputs()) {
            for (Map.Entry<String, Conversion> entry : conversions.entrySet()) {
                ObjectNode line = Recording.line("convert").put("to", entry.getKey());
                line.set("schema", Tagged.schema(input.schema()));
                line.set("value", Tagged.value(input.value()));
                out.record(line, into -> into.set("result", Tagged.value(entry.getValue().of(input.schema(), input.value()))));
            }
            ObjectNode line = Recording.line("infer");
            line.set("value", Tagged.value(input.value()));
            out.record(line, into -> into.set("result", Tagged.schema(Values.inferSchema(input.value()))));
        }
    }

    private void recordToString(Recording out, Schema schema, Object value) throws IOException {
        ObjectNode line = Recording.line("convert").put("to", "string");
        line.set("schema", Tagged.schema(schema));
        line.set("value", Tagged.value(value));
        out.record(line, into -> into.set("result", Tagged.value(Values.convertToString(schema, value))));
    }

    private List<SchemaAndValue> inputs() {
        List<SchemaAndValue> inputs = new ArrayList<>();
        inputs.add(new SchemaAndValue(null, null));
        inputs.add(new SchemaAndValue(Schema.OPTIONAL_STRING_SCHEMA, null));
        Schema[] schemas = {Schema.INT8_SCHEMA, Schema.INT16_SCHEMA, Schema.INT32_SCHEMA, Schema.INT64_SCHEMA, Schema.FLOAT32_SCHEMA,
            Schema.FLOAT64_SCHEMA, Schema.BOOLEAN_SCHEMA, Schema.STRING_SCHEMA, Schema.BYTES_SCHEMA, Date.SCHEMA, Time.SCHEMA, Timestamp.SCHEMA,
            Decimal.schema(2), SchemaBuilder.array(Schema.INT32_SCHEMA).build(), SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT32_SCHEMA).build()};
        for (Schema schema : schemas) {
            for (int i = 0; i < 12; i++) inputs.add(new SchemaAndValue(schema, inventor.value(schema, 0)));
        }
        for (String text : TEXTS) inputs.add(new SchemaAndValue(Schema.STRING_SCHEMA, text));
        for (String text : List.of("1", "2.7", "-3.9", "true", "1e20", "x", "", "[1,2]", "{\"a\":1}", "2024-01-31")) inputs.add(new SchemaAndValue(null, text));
        for (BigDecimal decimal : List.of(new BigDecimal("1.5"), new BigDecimal("1e30"), new BigDecimal("-99999999999999999999.9"), new BigDecimal("1e-50"))) {
            inputs.add(new SchemaAndValue(Decimal.schema(decimal.scale()), decimal));
        }
        for (long millis : new long[] {0, 1, -1, 86400000L, -86400000L, -1000L, 1700000000123L, -1700000000123L}) {
            java.util.Date date = new java.util.Date(millis);
            inputs.add(new SchemaAndValue(Timestamp.SCHEMA, date));
            inputs.add(new SchemaAndValue(null, date));
            inputs.add(new SchemaAndValue(Date.SCHEMA, date));
            inputs.add(new SchemaAndValue(Time.SCHEMA, date));
        }
        Schema struct = SchemaBuilder.struct().field("a", Schema.OPTIONAL_INT32_SCHEMA).field("b", SchemaBuilder.string().defaultValue("d").build()).build();
        inputs.add(new SchemaAndValue(struct, new Struct(struct).put("a", 1)));
        for (int i = 0; i < 60; i++) inputs.add(new SchemaAndValue(null, inventor.schemaless(2)));
        return inputs;
    }
}
