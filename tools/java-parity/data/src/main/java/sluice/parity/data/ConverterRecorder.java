package sluice.parity.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.converters.BooleanConverter;
import org.apache.kafka.connect.converters.ByteArrayConverter;
import org.apache.kafka.connect.converters.DoubleConverter;
import org.apache.kafka.connect.converters.FloatConverter;
import org.apache.kafka.connect.converters.IntegerConverter;
import org.apache.kafka.connect.converters.LongConverter;
import org.apache.kafka.connect.converters.ShortConverter;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.apache.kafka.connect.storage.StringConverter;

/** All converters but JSON, both ways. */
final class ConverterRecorder {
    private final Inventor inventor = new Inventor(66);

    void record(Path folder) throws IOException {
        try (Recording out = new Recording(folder, "converters")) {
            for (Map.Entry<String, Converter> entry : converters().entrySet()) {
                for (SchemaAndValue input : inputs()) recordWrite(out, entry.getKey(), entry.getValue(), input);
                for (byte[] bytes : messages()) recordRead(out, entry.getKey(), entry.getValue(), bytes);
            }
            recordHeaders(out);
            recordConfig(out, new JsonConverter().getClass(), new JsonConverter().config());
            recordConfig(out, StringConverter.class, new StringConverter().config());
            recordConfig(out, ByteArrayConverter.class, new ByteArrayConverter().config());
            recordConfig(out, BooleanConverter.class, new BooleanConverter().config());
            recordConfig(out, ShortConverter.class, new ShortConverter().config());
            recordConfig(out, IntegerConverter.class, new IntegerConverter().config());
            recordConfig(out, LongConverter.class, new LongConverter().config());
            recordConfig(out, FloatConverter.class, new FloatConverter().config());
            recordConfig(out, DoubleConverter.class, new DoubleConverter().config());
            recordConfig(out, SimpleHeaderConverter.class, new SimpleHeaderConverter().config());
        }
    }

    /** All of a definition but its documentation, which is in our own words. */
    private static void recordConfig(Recording out, Class<?> type, ConfigDef def) throws IOException {
        out.record(Recording.line("config").put("class", type.getName()), line -> {
            ArrayNode keys = line.putArray("keys");
            for (ConfigDef.ConfigKey key : def.configKeys().values()) {
                keys.addObject().put("name", key.name).put("type", key.type.name()).put("required", !key.hasDefault())
                    .put("default", key.hasDefault() ? ConfigDef.convertToString(key.defaultValue, key.type) : null)
                    .put("importance", key.importance.name()).put("group", key.group).put("order", key.orderInGroup)
                    .put("width", key.width.name()).put("displayName", key.displayName)
                    .put("validator", key.validator == null ? null : key.validator.toString());
            }
        });
    }

    private static Map<String, Converter> converters() {
        Map<String, Converter> converters = new LinkedHashMap<>();
        converters.put("ByteArrayConverter", new ByteArrayConverter());
        converters.put("BooleanConverter", new BooleanConverter());
        converters.put("ShortConverter", new ShortConverter());
        converters.put("IntegerConverter", new IntegerConverter());
        converters.put("LongConverter", new LongConverter());
        converters.put("FloatConverter", new FloatConverter());
        converters.put("DoubleConverter", new DoubleConverter());
        for (String encoding : List.of("UTF-8", "ISO-8859-1", "US-ASCII", "UTF-16", "UTF-16LE", "UTF-16BE", "windows-1252")) {
            StringConverter converter = new StringConverter();
            converter.configure(Map.of("converter.encoding", encoding), false);
            converters.put("StringConverter " + encoding, converter);
        }
        return converters;
    }

    private void recordWrite(Recording out, String name, Converter converter, SchemaAndValue input) throws IOException {
        ObjectNode line = Recording.line("write").put("converter", name);
        line.set("schema", Tagged.schema(input.schema()));
        line.set("value", Tagged.value(input.value()));
        // The text of an array is its address, which differs from run to run.
        boolean hasAddress = String.valueOf(input.value()).contains("[B@") && name.startsWith("StringConverter");
        if (hasAddress) return;
        out.record(line, into -> into.put("bytes", converter.fromConnectData("topic", input.schema(), input.value())));
    }

    private void recordRead(Recording out, String name, Converter converter, byte[] bytes) throws IOException {
        ObjectNode line = Recording.line("read").put("converter", name);
        line.put("bytes", bytes);
        out.record(line, into -> {
            SchemaAndValue read = converter.toConnectData("topic", bytes);
            into.set("schema", Tagged.schema(read.schema()));
            into.set("value", Tagged.value(read.value()));
        });
    }

    private void recordHeaders(Recording out) throws IOException {
        SimpleHeaderConverter converter = new SimpleHeaderConverter();
        for (SchemaAndValue input : inputs()) {
            ObjectNode line = Recording.line("write").put("converter", "SimpleHeaderConverter");
            line.set("schema", Tagged.schema(input.schema()));
            line.set("value", Tagged.value(input.value()));
            out.record(line, into -> into.put("bytes", converter.fromConnectHeader("topic", "key", input.schema(), input.value())));
        }
        for (byte[] bytes : messages()) {
            ObjectNode line = Recording.line("read").put("converter", "SimpleHeaderConverter");
            line.put("bytes", bytes);
            out.record(line, into -> {
                SchemaAndValue read = converter.toConnectHeader("topic", "key", bytes);
                if (read == null) return;
                into.set("schema", Tagged.schema(read.schema()));
                into.set("value", Tagged.value(read.value()));
            });
        }
    }

    private List<SchemaAndValue> inputs() {
        Inventor own = new Inventor(67);
        List<SchemaAndValue> inputs = new ArrayList<>();
        inputs.add(new SchemaAndValue(null, null));
        Schema[] schemas = {Schema.INT8_SCHEMA, Schema.INT16_SCHEMA, Schema.INT32_SCHEMA, Schema.INT64_SCHEMA, Schema.FLOAT32_SCHEMA,
            Schema.FLOAT64_SCHEMA, Schema.BOOLEAN_SCHEMA, Schema.STRING_SCHEMA, Schema.BYTES_SCHEMA};
        for (Schema schema : schemas) {
            for (int i = 0; i < 12; i++) inputs.add(new SchemaAndValue(schema, own.value(schema, 0)));
            inputs.add(new SchemaAndValue(schema, null));
            inputs.add(new SchemaAndValue(null, own.value(schema, 0)));
        }
        for (String text : Inventor.TEXTS) inputs.add(new SchemaAndValue(Schema.STRING_SCHEMA, text));
        for (int i = 0; i < 150; i++) {
            Schema schema = own.schema(2);
            inputs.add(new SchemaAndValue(schema, own.value(schema, 0.2)));
        }
        for (int i = 0; i < 60; i++) inputs.add(new SchemaAndValue(null, own.schemaless(2)));
        return inputs;
    }

    private List<byte[]> messages() {
        List<byte[]> messages = new ArrayList<>();
        messages.add(null);
        for (int length = 0; length < 10; length++) {
            byte[] bytes = new byte[length];
            messages.add(bytes);
            for (int i = 0; i < 4; i++) {
                byte[] random = new byte[length];
                inventor.random.nextBytes(random);
                messages.add(random);
            }
        }
        messages.add(new byte[] {1});
        messages.add(new byte[] {2});
        for (String text : Inventor.TEXTS) messages.add(text.getBytes(StandardCharsets.UTF_8));
        for (String text : ConfigRecorder.values()) messages.add(text.getBytes(StandardCharsets.UTF_8));
        return messages;
    }
}
