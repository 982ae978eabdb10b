package sluice.parity.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * Connect values and schemas as JSON that keeps Java's types: a value is null or an array whose
 * first element names its class. packages/api/src/java-recording reads it.
 */
final class Tagged {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Tagged() {
    }

    static JsonNode value(Object value) {
        if (value == null) return JSON.nullNode();
        ArrayNode node = JSON.arrayNode();
        if (value instanceof Byte number) return node.add("i8").add(number.intValue());
        if (value instanceof Short number) return node.add("i16").add(number.intValue());
        if (value instanceof Integer number) return node.add("i32").add(number);
        if (value instanceof Long number) return node.add("i64").add(number.toString());
        // Bits as text: every NaN, -0 and infinity survives.
        if (value instanceof Float number) return node.add("f32").add(Integer.toHexString(Float.floatToIntBits(number)));
        if (value instanceof Double number) return node.add("f64").add(Long.toHexString(Double.doubleToLongBits(number)));
        if (value instanceof Boolean bool) return node.add("b").add(bool);
        if (value instanceof String text) return node.add("s").add(text);
        if (value instanceof byte[] bytes) return node.add("y").add(Base64.getEncoder().encodeToString(bytes));
        if (value instanceof ByteBuffer bytes) return value(bytes.array());
        if (value instanceof BigDecimal decimal) return node.add("d").add(decimal.unscaledValue().toString()).add(decimal.scale());
        if (value instanceof java.util.Date date) return node.add("t").add(Long.toString(date.getTime()));
        if (value instanceof Password password) return node.add("p").add(password.value());
        if (value instanceof Class<?> type) return node.add("c").add(type.getName());
        if (value instanceof List<?> list) {
            ArrayNode items = node.add("a").addArray();
            for (Object item : list) items.add(value(item));
            return node;
        }
        if (value instanceof Map<?, ?> map) {
            List<JsonNode> entries = new ArrayList<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                entries.add(JSON.arrayNode().add(value(entry.getKey())).add(value(entry.getValue())));
            }
            // The order of a hash map differs from run to run where keys are arrays.
            if (!(map instanceof LinkedHashMap)) entries.sort(Comparator.comparing(JsonNode::toString));
            node.add("m").addArray().addAll(entries);
            return node;
        }
        if (value instanceof Struct struct) {
            ArrayNode members = node.add("st").addArray();
            for (Field field : struct.schema().fields()) members.add(value(struct.getWithoutDefault(field.name())));
            return node;
        }
        throw new IllegalArgumentException("no tag for " + value.getClass());
    }

    static JsonNode schema(Schema schema) {
        if (schema == null) return JSON.nullNode();
        ObjectNode node = JSON.objectNode().put("type", schema.type().name());
        if (schema.isOptional()) node.put("optional", true);
        if (schema.name() != null) node.put("name", schema.name());
        if (schema.version() != null) node.put("version", schema.version());
        if (schema.doc() != null) node.put("doc", schema.doc());
        if (schema.parameters() != null) {
            ObjectNode parameters = node.putObject("parameters");
            schema.parameters().forEach(parameters::put);
        }
        if (schema.defaultValue() != null) node.set("default", value(schema.defaultValue()));
        switch (schema.type()) {
            case STRUCT -> {
                ArrayNode fields = node.putArray("fields");
                for (Field field : schema.fields()) fields.addArray().add(field.name()).add(schema(field.schema()));
            }
            case MAP -> {
                node.set("keys", schema(schema.keySchema()));
                node.set("values", schema(schema.valueSchema()));
            }
            case ARRAY -> node.set("values", schema(schema.valueSchema()));
            default -> { }
        }
        return node;
    }

    static ObjectNode strings(Map<String, String> map) {
        ObjectNode node = JSON.objectNode();
        new TreeMap<>(map).forEach(node::put);
        return node;
    }
}
