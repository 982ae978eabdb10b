package sluice.parity.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Random;
import org.apache.kafka.common.Uuid;

/** Invents a message as Java's JSON, with all the fields that a version has. */
final class Inventor {
    /** What an instance is made of. */
    enum Style {
        /** Empty lists, empty or null texts, zeros: tagged fields are left out. */
        EMPTY,
        /** Everything that may be null is; tagged fields too. */
        NULLS,
        /** Every field set, at random. */
        FULL,
        /** Every choice at random: null, left out (if tagged), empty, set. */
        MIXED,
        /** The ends of each type's range. */
        EXTREME
    }

    private static final long SAFE_MAX = (1L << 53) - 1;
    private static final int LIST_MAX = 3;
    private static final int BYTES_MAX = 40;
    /** Over the size from which on our writer keeps record sets by reference. */
    private static final int LARGE_RECORDS = 1500;
    private static final String[] WORDS = {
        "orders", "a", "connect-offsets", "größe", "日本語", "𝄞 clef", "", "line\nbreak", "x".repeat(140)
    };

    private final Definition definition;
    private final short version;
    private final Style style;
    private final Random random;
    private final JsonNodeFactory nodes = JsonNodeFactory.instance;

    Inventor(Definition definition, short version, Style style, Random random) {
        this.definition = definition;
        this.version = version;
        this.style = style;
        this.random = random;
    }

    ObjectNode message() {
        return struct(definition.root().get("fields"));
    }

    private ObjectNode struct(JsonNode fields) {
        ObjectNode object = nodes.objectNode();
        for (JsonNode field : fields) {
            if (!Versions.contain(field, "versions", version)) continue;
            if (Versions.contain(field, "taggedVersions", version) && leftOut()) continue;
            String name = field.get("name").asText();
            object.set(Character.toLowerCase(name.charAt(0)) + name.substring(1), value(field));
        }
        return object;
    }

    private boolean leftOut() {
        return style == Style.EMPTY || style == Style.MIXED && random.nextBoolean();
    }

    private JsonNode value(JsonNode field) {
        boolean nullable = Versions.contain(field, "nullableVersions", version);
        if (nullable && (style == Style.NULLS || style != Style.FULL && random.nextInt(4) == 0)) {
            return nodes.nullNode();
        }
        String type = field.get("type").asText().trim();
        if (!type.startsWith("[]")) return single(type, field);
        ArrayNode list = nodes.arrayNode();
        for (int left = listSize(); left > 0; left--) list.add(single(type.substring(2), field));
        return list;
    }

    private int listSize() {
        return switch (style) {
            case EMPTY -> 0;
            case FULL, NULLS -> 1 + random.nextInt(LIST_MAX);
            case MIXED, EXTREME -> random.nextInt(LIST_MAX + 1);
        };
    }

    private JsonNode single(String type, JsonNode field) {
        return switch (type) {
            case "bool" -> nodes.booleanNode(style == Style.EMPTY ? false : random.nextBoolean());
            case "int8" -> nodes.numberNode((byte) integer(Byte.MIN_VALUE, Byte.MAX_VALUE));
            case "int16" -> nodes.numberNode((short) integer(Short.MIN_VALUE, Short.MAX_VALUE));
            case "uint16" -> nodes.numberNode((int) integer(0, 65535));
            case "int32" -> nodes.numberNode((int) integer(Integer.MIN_VALUE, Integer.MAX_VALUE));
            case "int64" -> nodes.numberNode(style == Style.EXTREME && random.nextInt(3) == 0
                ? Long.MAX_VALUE : integer(-SAFE_MAX, SAFE_MAX));
            case "float64" -> nodes.numberNode(style == Style.EMPTY ? 0.0 : (random.nextDouble() - 0.5) * 1e9);
            case "uuid" -> nodes.textNode(uuid().toString());
            case "string" -> nodes.textNode(style == Style.EMPTY ? "" : WORDS[random.nextInt(WORDS.length)]);
            case "bytes" -> nodes.binaryNode(bytes(style == Style.EMPTY ? 0 : random.nextInt(BYTES_MAX)));
            case "records" -> nodes.binaryNode(bytes(recordsSize()));
            default -> struct(definition.structFields(field));
        };
    }

    private long integer(long min, long max) {
        return switch (style) {
            case EMPTY -> 0;
            case EXTREME -> random.nextBoolean() ? min : max;
            // Small values are the usual ones; the others reach into every byte.
            default -> random.nextInt(3) == 0 ? random.nextLong(min, max) : Math.max(min, random.nextInt(-2, 100));
        };
    }

    private Uuid uuid() {
        return style == Style.EMPTY ? Uuid.ZERO_UUID : new Uuid(random.nextLong(), random.nextLong());
    }

    private int recordsSize() {
        if (style == Style.EMPTY) return 0;
        return random.nextInt(4) == 0 ? LARGE_RECORDS : random.nextInt(BYTES_MAX);
    }

    private byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
