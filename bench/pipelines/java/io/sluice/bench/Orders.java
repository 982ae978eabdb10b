package io.sluice.bench;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** Order number n and the checksum of one: the same as in plugin/order.ts and plugin/checksum.ts. */
final class Orders {
    static final Schema SCHEMA = SchemaBuilder.struct().name("Order")
        .field("id", Schema.INT64_SCHEMA)
        .field("customer", Schema.INT32_SCHEMA)
        .field("sku", Schema.STRING_SCHEMA)
        .field("quantity", Schema.INT32_SCHEMA)
        .field("price", Schema.FLOAT64_SCHEMA)
        .field("paid", Schema.BOOLEAN_SCHEMA)
        .field("currency", Schema.STRING_SCHEMA)
        .field("country", Schema.STRING_SCHEMA)
        .field("placed", Schema.INT64_SCHEMA)
        .field("note", Schema.STRING_SCHEMA)
        .build();
    private static final int OTHER_JSON_BYTES = 150;
    private static final long FIRST_PLACED_MS = 1_700_000_000_000L;

    private final String shape;
    private final String filler;

    Orders(String shape, int bytes) {
        this.shape = shape;
        int length = shape.equals("string") ? bytes - 10 : bytes - OTHER_JSON_BYTES;
        this.filler = "x".repeat(Math.max(1, length));
    }

    Schema schema() {
        if (shape.equals("string")) return Schema.STRING_SCHEMA;
        return shape.equals("struct") ? SCHEMA : null;
    }

    Object value(long n) {
        if (shape.equals("string")) {
            String digits = Long.toString(n);
            return "0000000000".substring(digits.length()) + digits + filler;
        }
        int customer = (int) (n * 7919 % 100_000);
        String sku = "SKU-" + n % 1000;
        int quantity = (int) (n % 9) + 1;
        double price = n % 5000 + 0.25;
        boolean paid = n % 3 == 0;
        if (shape.equals("struct")) {
            return new Struct(SCHEMA).put("id", n).put("customer", customer).put("sku", sku)
                .put("quantity", quantity).put("price", price).put("paid", paid).put("currency", "EUR")
                .put("country", "DE").put("placed", FIRST_PLACED_MS + n).put("note", filler);
        }
        Map<String, Object> map = new HashMap<>(16);
        map.put("id", n);
        map.put("customer", customer);
        map.put("sku", sku);
        map.put("quantity", quantity);
        map.put("price", price);
        map.put("paid", paid);
        map.put("currency", "EUR");
        map.put("country", "DE");
        map.put("placed", FIRST_PLACED_MS + n);
        map.put("note", filler);
        return map;
    }

    static int checksumOf(Object value) {
        int sum = 0;
        if (value instanceof Struct) {
            Struct struct = (Struct) value;
            for (Field field : struct.schema().fields()) sum += hashOf(struct.get(field));
        } else if (value instanceof Map) {
            for (Object each : ((Map<?, ?>) value).values()) sum += hashOf(each);
        } else {
            sum = hashOf(value);
        }
        return sum;
    }

    private static int hashOf(Object value) {
        if (value instanceof String) return hashOfText((String) value);
        if (value instanceof Double) {
            double number = (Double) value;
            return number == Math.rint(number) ? (int) (long) number : (int) (long) (number * 4);
        }
        if (value instanceof Number) return (int) ((Number) value).longValue();
        if (value instanceof Boolean) return (Boolean) value ? 1231 : 1237;
        return 0;
    }

    private static int hashOfText(String text) {
        int length = text.length();
        if (length == 0) return 0;
        int last = length - 1;
        int hash = length;
        hash = hash * 31 + text.charAt(0);
        hash = hash * 31 + text.charAt(last >> 2);
        hash = hash * 31 + text.charAt(last >> 1);
        return hash * 31 + text.charAt(last);
    }
}
