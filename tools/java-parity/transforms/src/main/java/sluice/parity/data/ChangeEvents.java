package sluice.parity.data;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.header.ConnectHeaders;

/** Debezium change events of a seed: all operations, several tables, rows with all kinds of columns. */
final class ChangeEvents {
    private static final Schema SOURCE = SchemaBuilder.struct().name("io.debezium.connector.postgresql.Source").field("version", Schema.STRING_SCHEMA).field("connector", Schema.STRING_SCHEMA)
        .field("name", Schema.STRING_SCHEMA).field("ts_ms", Schema.INT64_SCHEMA).field("ts_us", Schema.OPTIONAL_INT64_SCHEMA).field("ts_ns", Schema.OPTIONAL_INT64_SCHEMA)
        .field("snapshot", SchemaBuilder.string().optional().defaultValue("false").build()).field("db", Schema.STRING_SCHEMA).field("table", Schema.STRING_SCHEMA).field("lsn", Schema.OPTIONAL_INT64_SCHEMA).build();
    private static final Schema TRANSACTION = SchemaBuilder.struct().name("event.block").version(1).optional().field("id", Schema.STRING_SCHEMA).field("total_order", Schema.INT64_SCHEMA)
        .field("data_collection_order", Schema.INT64_SCHEMA).build();
    private static final String[] TABLES = {"orders", "customers", "shard_1"};

    final Inventor inventor;

    ChangeEvents(long seed) {
        inventor = new Inventor(seed);
    }

    static Schema row(String table) {
        return SchemaBuilder.struct().optional().name("srv.shop." + table + ".Value").field("id", Schema.INT32_SCHEMA).field("name", Schema.OPTIONAL_STRING_SCHEMA)
            .field("note", SchemaBuilder.string().optional().defaultValue("none").build()).field("amount", Decimal.builder(2).optional().build()).field("big", Schema.OPTIONAL_INT64_SCHEMA)
            .field("ratio", Schema.OPTIONAL_FLOAT64_SCHEMA).field("single", Schema.OPTIONAL_FLOAT32_SCHEMA).field("active", Schema.OPTIONAL_BOOLEAN_SCHEMA)
            .field("required", SchemaBuilder.int32().defaultValue(7).build())
            .field("zoned", SchemaBuilder.string().optional().name("io.debezium.time.ZonedTimestamp").version(1).build())
            .field("created", SchemaBuilder.int64().optional().name("io.debezium.time.Timestamp").version(1).build())
            .field("micro", SchemaBuilder.int64().optional().name("io.debezium.time.MicroTimestamp").version(1).build())
            .field("nano", SchemaBuilder.int64().optional().name("io.debezium.time.NanoTimestamp").version(1).build())
            .field("connect_ts", Timestamp.builder().optional().build())
            .field("day", SchemaBuilder.int32().optional().name("io.debezium.time.Date").version(1).build()).build();
    }

    private static Schema envelope(Schema row, String table) {
        return SchemaBuilder.struct().name("srv.shop." + table + ".Envelope").version(2).field("before", row).field("after", row).field("source", SOURCE).field("op", Schema.STRING_SCHEMA)
            .field("ts_ms", Schema.OPTIONAL_INT64_SCHEMA).field("ts_us", Schema.OPTIONAL_INT64_SCHEMA).field("ts_ns", Schema.OPTIONAL_INT64_SCHEMA).field("transaction", TRANSACTION).build();
    }

    /** Any record that a Debezium connector may send. */
    ConnectRecords.Parts any() {
        String table = inventor.pick(TABLES);
        if (inventor.chance(0.08)) return parts(table, null, null);
        if (inventor.chance(0.05)) return parts(table, Schema.STRING_SCHEMA, "no event");
        return event(table, inventor.pick(new String[] {"c", "c", "u", "u", "d", "r", "t"}));
    }

    ConnectRecords.Parts event(String table, String op) {
        Schema row = row(table);
        Schema schema = envelope(row, table);
        Struct event = new Struct(schema).put("source", source(table)).put("op", op).put("ts_ms", 1700000000123L);
        if (inventor.chance(0.7)) event.put("ts_us", 1700000000123456L).put("ts_ns", 1700000000123456789L);
        if (inventor.chance(0.5)) event.put("transaction", new Struct(TRANSACTION).put("id", "tx7").put("total_order", 3L).put("data_collection_order", 2L));
        if (op.equals("u") || op.equals("d")) event.put("before", rowValue(row));
        if (op.equals("c") || op.equals("u") || op.equals("r")) event.put("after", rowValue(row));
        return parts(table, schema, event);
    }

    private static Struct source(String table) {
        return new Struct(SOURCE).put("version", "3.7.0.Final").put("connector", "postgresql").put("name", "srv").put("ts_ms", 1699999999000L).put("ts_us", 1699999999000001L)
            .put("db", "shop").put("table", table).put("lsn", 123456789L);
    }

    private Struct rowValue(Schema row) {
        Struct value = new Struct(row).put("id", inventor.random.nextInt(100)).put("required", inventor.random.nextInt(9));
        if (inventor.chance(0.8)) value.put("name", inventor.pick(new String[] {"alice", "bob", "", "h\u00e9llo \u20ac", "\ud83d\ude00", "a long name that needs more than one block of sixteen bytes"}));
        if (inventor.chance(0.5)) value.put("note", "seen");
        if (inventor.chance(0.6)) value.put("amount", inventor.pick(new BigDecimal[] {new BigDecimal("12.50"), new BigDecimal("-0.01"), new BigDecimal("123456789012345678901234.56"), new BigDecimal("0.00")}));
        if (inventor.chance(0.6)) value.put("big", inventor.value(Schema.INT64_SCHEMA, 0));
        if (inventor.chance(0.6)) value.put("ratio", inventor.pick(new Double[] {0.5, -0.0, 1e300, 3.0}));
        if (inventor.chance(0.6)) value.put("single", inventor.pick(new Float[] {0.1f, -2f, 3.4e38f}));
        if (inventor.chance(0.6)) value.put("active", inventor.chance(0.5));
        if (inventor.chance(0.7)) value.put("zoned", inventor.pick(new String[] {"2024-03-10T02:30:00Z", "2024-07-01T10:15:30.123456Z", "2024-11-03T01:30:00-04:00", "2024-01-01T00:00:00+05:30", "1969-12-31T23:59:59.5Z"}));
        if (inventor.chance(0.7)) value.put("created", inventor.pick(new Long[] {1710037800000L, 1730611800000L, 1700000000123L, 0L, -1L}));
        if (inventor.chance(0.7)) value.put("micro", inventor.pick(new Long[] {1710037800000000L, 1700000000123456L, -1500000L}));
        if (inventor.chance(0.7)) value.put("nano", inventor.pick(new Long[] {1700000000123456789L, 1710037800000000001L}));
        if (inventor.chance(0.7)) value.put("connect_ts", new java.util.Date(inventor.pick(new Long[] {1710037800000L, 1700000000123L})));
        if (inventor.chance(0.7)) value.put("day", 19000);
        return value;
    }

    private ConnectRecords.Parts parts(String table, Schema schema, Object value) {
        Schema keySchema = SchemaBuilder.struct().name("srv.shop." + table + ".Key").field("id", Schema.INT32_SCHEMA).field("region", Schema.OPTIONAL_STRING_SCHEMA).build();
        boolean hasKey = inventor.chance(0.9);
        Struct key = hasKey ? new Struct(keySchema).put("id", 5).put("region", inventor.chance(0.5) ? "eu" : null) : null;
        ConnectHeaders headers = new ConnectHeaders();
        if (inventor.chance(0.5)) headers.addString("trace", "t-1");
        if (inventor.chance(0.3)) headers.addInt("retries", 3);
        if (inventor.chance(0.4)) {
            headers.add("dropped", inventor.pick(new List[] {List.of("name"), List.of("name", "id", "region"), new ArrayList<>(), List.of("nope"), List.of("required", "big")}), SchemaBuilder.array(Schema.STRING_SCHEMA).build());
        }
        return new ConnectRecords.Parts(false, "srv.shop." + table, inventor.chance(0.5) ? null : 2, hasKey ? keySchema : null, key, schema, value, 1700000001000L, headers);
    }

    /** An event of an outbox table. */
    ConnectRecords.Parts outbox() {
        boolean isJson = inventor.chance(0.5);
        Schema row = SchemaBuilder.struct().optional().name("srv.shop.outbox.Value").field("id", Schema.STRING_SCHEMA).field("aggregatetype", Schema.STRING_SCHEMA).field("aggregateid", Schema.STRING_SCHEMA)
            .field("type", Schema.STRING_SCHEMA).field("payload", Schema.OPTIONAL_STRING_SCHEMA).field("version", Schema.OPTIONAL_INT32_SCHEMA).field("shard", Schema.INT32_SCHEMA)
            .field("at_ms", SchemaBuilder.int64().optional().name("io.debezium.time.Timestamp").version(1).build())
            .field("at_us", SchemaBuilder.int64().optional().name("io.debezium.time.MicroTimestamp").version(1).build()).field("plain", Schema.OPTIONAL_INT64_SCHEMA)
            .field("tenant", SchemaBuilder.string().optional().defaultValue("t0").build()).build();
        Schema schema = envelope(row, "outbox");
        if (inventor.chance(0.05)) return parts("outbox", null, null);
        String op = inventor.pick(new String[] {"c", "c", "c", "c", "r", "u", "d"});
        Struct event = new Struct(schema).put("source", source("outbox")).put("op", op).put("ts_ms", 1700000000123L);
        String payload = isJson ? inventor.pick(JSON) : inventor.pick(new String[] {"plain text", "", " ", null, "[1,2]", "{broken"});
        Struct value = new Struct(row).put("id", "e-1").put("aggregatetype", inventor.pick(new String[] {"Order", "customer.eu", "x y"})).put("aggregateid", "42").put("type", "Created").put("payload", payload)
            .put("version", inventor.chance(0.5) ? 3 : null).put("shard", inventor.random.nextInt(5)).put("at_ms", inventor.chance(0.5) ? 1600000000001L : null).put("at_us", 1600000000001002L).put("plain", 5L)
            .put("tenant", inventor.chance(0.5) ? "acme" : null);
        event.put(op.equals("d") ? "before" : "after", value);
        if (op.equals("u")) event.put("before", value);
        return parts("outbox", schema, event);
    }

    private static final String[] JSON = {"{}", "{\"a\":1,\"b\":\"x\",\"c\":true,\"d\":1.5,\"e\":null}", "{\"n\":{\"m\":{\"l\":[1,2,3]}},\"big\":12345678901,\"f\":1.0,\"neg\":-7}", "{\"list\":[{\"x\":1},{\"x\":2}],\"empty\":[]}",
        "{\"texts\":[\"a\",\"b\"],\"nulls\":[null,null]}", "{\"mixed\":[1,\"a\"]}", "{\"numbers\":[1,12345678901]}", "{\"doubles\":[1.5,2.5],\"flags\":[true,false]}", "{\"objects\":[{\"x\":1},{\"x\":1}],\"deep\":{\"list\":[{\"y\":null}]}}",
        "{\"nested\":[[1,2],[3]]}", "{\"__proto__\":1,\"constructor\":\"c\"}", "{\"e\":1e3,\"z\":0}"};
}
