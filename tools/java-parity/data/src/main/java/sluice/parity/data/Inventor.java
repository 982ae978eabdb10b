package sluice.parity.data;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/** Makes schemas and values of a seed, edge cases preferred. */
final class Inventor {
    static final String[] TEXTS = {
        "", "a", "hello world", " lead", "trail ", "quote\"backslash\\", "tab\tnew\nline\r", "\u0000\u0001\u001f\u007f\u0080",
        "\u000b\u000e\u000f\u001a\u001e", "h\u00e9llo w\u00f6rld", "\u20ac\u4e2d\u6587", "\ud83d\ude00 emoji", "__proto__", "constructor",
        "toString", "null", "true", "123", "1.5", "{\"a\":1}", "[1,2]", "\u2028\u2029", "</script>", "/", "\ufeffbom", "\ufffd", "\ud83d half", "half \ude00", "\ude00\ud83d"};
    static final String[] NAMES = {
        "a", "b", "id", "name", "__proto__", "constructor", "hasOwnProperty", "toString", "valueOf", "0", "1", "-1", "with space",
        "quote\"", "dot.ted", "h\u00e9", "schema", "payload", "value", "x1", "x2", "x3"};

    final Random random;

    Inventor(long seed) {
        random = new Random(seed);
    }

    <T> T pick(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** A schema; `depth` bounds how deep it nests. */
    Schema schema(int depth) {
        SchemaBuilder builder = builder(depth);
        if (chance(0.4)) builder.optional();
        if (chance(0.15) && builder.name() == null) builder.name("org.example." + pick(new String[] {"A", "B", "C\u00e9"}));
        if (chance(0.1) && builder.version() == null) builder.version(random.nextInt(5));
        if (chance(0.1)) builder.doc(pick(TEXTS));
        if (chance(0.1)) builder.parameter("p", pick(TEXTS)).parameter("__proto__", "x");
        // A struct can have no default in Java: a builder never equals the schema of its struct.
        if (chance(0.2) && builder.type() != Schema.Type.STRUCT) builder.defaultValue(value(builder.build(), 0));
        return builder.build();
    }

    private SchemaBuilder builder(int depth) {
        int kinds = depth > 0 ? 16 : 13;
        return switch (random.nextInt(kinds)) {
            case 0 -> SchemaBuilder.int8();
            case 1 -> SchemaBuilder.int16();
            case 2 -> SchemaBuilder.int32();
            case 3 -> SchemaBuilder.int64();
            case 4 -> SchemaBuilder.float32();
            case 5 -> SchemaBuilder.float64();
            case 6 -> SchemaBuilder.bool();
            case 7 -> SchemaBuilder.string();
            case 8 -> SchemaBuilder.bytes();
            case 9 -> Decimal.builder(random.nextInt(7) - 2);
            case 10 -> Date.builder();
            case 11 -> Time.builder();
            case 12 -> Timestamp.builder();
            case 13 -> SchemaBuilder.array(schema(depth - 1));
            case 14 -> SchemaBuilder.map(chance(0.6) ? keySchema() : schema(0), schema(depth - 1));
            default -> struct(depth);
        };
    }

    private Schema keySchema() {
        return chance(0.8) ? Schema.STRING_SCHEMA : Schema.OPTIONAL_STRING_SCHEMA;
    }

    private SchemaBuilder struct(int depth) {
        SchemaBuilder builder = SchemaBuilder.struct();
        int size = random.nextInt(6);
        for (int i = 0; i < size; i++) {
            String name = pick(NAMES);
            if (builder.field(name) == null) builder.field(name, schema(depth - 1));
        }
        return builder;
    }

    /** A valid value of a schema; null only where that is allowed, with the given probability. */
    Object value(Schema schema, double nulls) {
        if (schema.isOptional() && chance(nulls)) return null;
        if (schema.name() != null) {
            switch (schema.name()) {
                case Decimal.LOGICAL_NAME:
                    return decimal(Integer.parseInt(schema.parameters().get("scale")));
                case Date.LOGICAL_NAME:
                    return new java.util.Date(pick(new Long[] {0L, 1L, -1L, 19723L, -25567L, 2932896L, 100000000L - 1, (long) random.nextInt(100000)}) * 86400000L);
                case Time.LOGICAL_NAME:
                    return new java.util.Date(pick(new Long[] {0L, 1L, 86399999L, 86400000L, (long) random.nextInt(86400000)}));
                case Timestamp.LOGICAL_NAME:
                    return new java.util.Date(pick(new Long[] {0L, -1L, 1700000000123L, 253402300800000L, -62135596800000L, 8640000000000000L, random.nextLong() >> 12}));
                default:
                    break;
            }
        }
        return switch (schema.type()) {
            case INT8 -> pick(new Byte[] {0, 1, -1, Byte.MAX_VALUE, Byte.MIN_VALUE, (byte) random.nextInt()});
            case INT16 -> pick(new Short[] {0, 1, -1, Short.MAX_VALUE, Short.MIN_VALUE, (short) random.nextInt()});
            case INT32 -> pick(new Integer[] {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, random.nextInt()});
            case INT64 -> pick(new Long[] {0L, 1L, -1L, Long.MAX_VALUE, Long.MIN_VALUE, 9007199254740991L, 9007199254740992L, 9007199254740993L, -9007199254740993L, random.nextLong(), (long) random.nextInt()});
            case FLOAT32 -> pick(new Float[] {0f, -0f, 1f, 0.1f, 1e10f, 1e-10f, Float.MAX_VALUE, Float.MIN_VALUE, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 16777216f, 123456.789f, Float.intBitsToFloat(random.nextInt())});
            case FLOAT64 -> pick(new Double[] {0d, -0d, 1d, 0.1, 1e7, 1e21, 1e-3, 1e-7, Double.MAX_VALUE, Double.MIN_VALUE, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 9007199254740993d, 100d, Double.longBitsToDouble(random.nextLong())});
            case BOOLEAN -> random.nextBoolean();
            case STRING -> pick(TEXTS);
            case BYTES -> bytes();
            case ARRAY -> {
                List<Object> list = new ArrayList<>();
                int size = random.nextInt(4);
                for (int i = 0; i < size; i++) list.add(value(schema.valueSchema(), nulls));
                yield list;
            }
            case MAP -> {
                Map<Object, Object> map = new LinkedHashMap<>();
                int size = random.nextInt(4);
                for (int i = 0; i < size; i++) map.put(value(schema.keySchema(), nulls), value(schema.valueSchema(), nulls));
                yield map;
            }
            case STRUCT -> {
                Struct struct = new Struct(schema);
                for (Field field : schema.fields()) {
                    // Some fields that may be left out are.
                    boolean isSpare = field.schema().isOptional() || field.schema().defaultValue() != null;
                    if (!isSpare || !chance(0.2)) struct.put(field, value(field.schema(), nulls));
                }
                yield struct;
            }
        };
    }

    BigDecimal decimal(int scale) {
        BigInteger unscaled = switch (random.nextInt(6)) {
            case 0 -> BigInteger.ZERO;
            case 1 -> BigInteger.ONE.negate();
            case 2 -> BigInteger.valueOf(random.nextLong());
            case 3 -> new BigInteger(random.nextInt(200) + 1, random);
            case 4 -> new BigInteger(random.nextInt(200) + 1, random).negate();
            default -> BigInteger.valueOf(pick(new Integer[] {127, 128, 255, 256, -128, -129, 12345}));
        };
        return new BigDecimal(unscaled, scale);
    }

    byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(9)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A value without schema, as JSON or a plug-in would give it. */
    Object schemaless(int depth) {
        return switch (random.nextInt(depth > 0 ? 13 : 10)) {
            case 0 -> null;
            case 1 -> value(Schema.INT8_SCHEMA, 0);
            case 2 -> value(Schema.INT32_SCHEMA, 0);
            case 3, 4 -> value(Schema.INT64_SCHEMA, 0);
            case 5 -> value(Schema.FLOAT32_SCHEMA, 0);
            case 6 -> value(Schema.FLOAT64_SCHEMA, 0);
            case 7 -> random.nextBoolean();
            case 8 -> pick(TEXTS);
            case 9 -> bytes();
            case 10 -> {
                List<Object> list = new ArrayList<>();
                int size = random.nextInt(4);
                for (int i = 0; i < size; i++) list.add(schemaless(depth - 1));
                yield list;
            }
            default -> {
                Map<Object, Object> map = new LinkedHashMap<>();
                int size = random.nextInt(4);
                boolean isTextual = chance(0.8);
                for (int i = 0; i < size; i++) {
                    map.put(isTextual ? (Object) ("k" + pick(NAMES)) : value(Schema.INT64_SCHEMA, 0), schemaless(depth - 1));
                }
                yield map;
            }
        };
    }
}
