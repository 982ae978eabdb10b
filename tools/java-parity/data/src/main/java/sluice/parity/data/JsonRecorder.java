package sluice.parity.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.json.JsonConverter;

/** The JsonConverter both ways. */
final class JsonRecorder {
    private static final List<Map<String, String>> CONFIGS = List.of(
        Map.of(),
        Map.of("schemas.enable", "false"),
        Map.of("decimal.format", "numeric", "replace.null.with.default", "false"),
        Map.of("schemas.enable", "false", "decimal.format", "NUMERIC", "replace.null.with.default", "false"));

    private final Inventor inventor = new Inventor(55);

    void record(Path folder) throws IOException {
        try (Recording out = new Recording(folder, "json-converter")) {
            for (SchemaAndValue input : inputs()) {
                for (Map<String, String> config : CONFIGS) recordRoundTrip(out, config, input);
            }
            for (String text : JsonTexts.SCHEMALESS) recordRead(out, CONFIGS.get(1), text.getBytes(StandardCharsets.UTF_8));
            for (String text : JsonTexts.ENVELOPES) recordRead(out, CONFIGS.get(0), text.getBytes(StandardCharsets.UTF_8));
            for (String type : JsonTexts.TYPES) {
                for (String payload : JsonTexts.PAYLOADS) {
                    String text = "{\"schema\":" + type + ",\"payload\":" + payload + "}";
                    recordRead(out, CONFIGS.get(0), text.getBytes(StandardCharsets.UTF_8));
                    recordRead(out, CONFIGS.get(2), text.getBytes(StandardCharsets.UTF_8));
                }
            }
            for (byte[] bytes : List.of(new byte[] {'"', (byte) 0xff, '"'}, new byte[] {(byte) 0xc3}, new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, '1'})) {
                recordRead(out, CONFIGS.get(0), bytes);
                recordRead(out, CONFIGS.get(1), bytes);
            }
            recordWithContent(out);
        }
    }

    private void recordRoundTrip(Recording out, Map<String, String> config, SchemaAndValue input) throws IOException {
        JsonConverter converter = converter(config);
        ObjectNode line = Recording.line("write");
        line.set("config", Tagged.strings(config));
        line.set("schema", Tagged.schema(input.schema()));
        line.set("value", Tagged.value(input.value()));
        byte[][] written = new byte[1][];
        out.record(line, into -> {
            written[0] = converter.fromConnectData("topic", input.schema(), input.value());
            into.put("bytes", written[0] == null ? null : new String(written[0], StandardCharsets.UTF_8));
        });
        if (written[0] != null) recordRead(out, config, written[0]);
    }

    private void recordRead(Recording out, Map<String, String> config, byte[] bytes) throws IOException {
        ObjectNode line = Recording.line("read");
        line.set("config", Tagged.strings(config));
        line.put("base64", java.util.Base64.getEncoder().encodeToString(bytes));
        out.record(line, into -> {
            SchemaAndValue read = converter(config).toConnectData("topic", bytes);
            into.set("schema", Tagged.schema(read.schema()));
            into.set("value", Tagged.value(read.value()));
        });
    }

    private void recordWithContent(Recording out) throws IOException {
        String[] contents = {"{\"type\":\"int32\",\"optional\":true}", "{\"type\":\"struct\",\"fields\":[{\"type\":\"int64\",\"field\":\"a\"}]}", "", "null", "nonsense", "{}"};
        String[] messages = {"1", "null", "", "{\"a\":9007199254740993}", "{\"schema\":{\"type\":\"int32\"},\"payload\":1}", "\"x\""};
        for (String content : contents) {
            for (String message : messages) {
                recordRead(out, Map.of("schema.content", content), message.getBytes(StandardCharsets.UTF_8));
                recordRead(out, Map.of("schema.content", content, "schemas.enable", "false"), message.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static JsonConverter converter(Map<String, String> config) {
        JsonConverter converter = new JsonConverter();
        converter.configure(config, false);
        return converter;
    }

    private List<SchemaAndValue> inputs() {
        List<SchemaAndValue> inputs = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            for (boolean isOptional : new boolean[] {false, true}) {
                for (boolean hasDefault : new boolean[] {false, true}) addAllOf(inputs, schema(i, isOptional, hasDefault));
            }
        }
        for (int i = 0; i < 700; i++) {
            Schema schema = inventor.schema(3);
            inputs.add(new SchemaAndValue(schema, inventor.value(schema, 0.2)));
        }
        for (int i = 0; i < 500; i++) inputs.add(new SchemaAndValue(null, inventor.schemaless(3)));
        return inputs;
    }

    private Schema schema(int kind, boolean isOptional, boolean hasDefault) {
        SchemaBuilder builder = switch (kind) {
            case 0 -> SchemaBuilder.int8();
            case 1 -> SchemaBuilder.int16();
            case 2 -> SchemaBuilder.int32();
            case 3 -> SchemaBuilder.int64();
            case 4 -> SchemaBuilder.float32();
            case 5 -> SchemaBuilder.float64();
            case 6 -> SchemaBuilder.bool();
            case 7 -> SchemaBuilder.string();
            case 8 -> SchemaBuilder.bytes();
            case 9 -> SchemaBuilder.array(Schema.OPTIONAL_INT32_SCHEMA);
            case 10 -> SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.OPTIONAL_FLOAT64_SCHEMA);
            case 11 -> SchemaBuilder.map(Schema.INT32_SCHEMA, Schema.STRING_SCHEMA);
            case 12 -> SchemaBuilder.struct().field("a", Schema.OPTIONAL_STRING_SCHEMA).field("b", Schema.INT64_SCHEMA);
            case 13 -> Decimal.builder(2);
            case 14 -> Date.builder();
            case 15 -> Time.builder();
            default -> Timestamp.builder();
        };
        if (isOptional) builder.optional();
        if (hasDefault && kind != 12) builder.defaultValue(inventor.value(builder.build(), 0));
        return builder.build();
    }

    /** Values of a schema: by itself, as a field, as an element, as a key and value of a map. */
    private void addAllOf(List<SchemaAndValue> inputs, Schema schema) {
        List<Object> values = new ArrayList<>();
        values.add(null);
        for (int i = 0; i < 4; i++) values.add(inventor.value(schema, 0));
        Schema struct = SchemaBuilder.struct().field("f", schema).build();
        Schema array = SchemaBuilder.array(schema).build();
        Schema map = SchemaBuilder.map(Schema.STRING_SCHEMA, schema).build();
        Schema keyed = SchemaBuilder.map(schema, Schema.STRING_SCHEMA).build();
        for (Object value : values) {
            inputs.add(new SchemaAndValue(schema, value));
            Struct made = new Struct(struct);
            if (value != null) made.put("f", value);
            inputs.add(new SchemaAndValue(struct, made));
            List<Object> list = new ArrayList<>();
            list.add(value);
            inputs.add(new SchemaAndValue(array, list));
            inputs.add(new SchemaAndValue(map, mapOf("k", value)));
            inputs.add(new SchemaAndValue(keyed, mapOf(value, "v")));
        }
    }

    private static Map<Object, Object> mapOf(Object key, Object value) {
        Map<Object, Object> map = new java.util.HashMap<>();
        map.put(key, value);
        return map;
    }
}
