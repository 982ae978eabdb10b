package sluice.parity.data;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;

/** Debezium's transformation of MongoDB's change events: every document with every kind of event. */
public final class MongoDbRecorder {
    private static final String CLASS = "io.debezium.connector.mongodb.transforms.ExtractNewDocumentState";
    private static final int CASES = 900;
    private static final String TOPIC = "srv.shop.orders";
    private static final Schema SOURCE = SchemaBuilder.struct().name("io.debezium.connector.mongo.Source").field("version", Schema.STRING_SCHEMA).field("ts_ms", Schema.INT64_SCHEMA).field("db", Schema.STRING_SCHEMA)
        .field("collection", Schema.STRING_SCHEMA).field("ord", Schema.INT32_SCHEMA).field("lsid", Schema.OPTIONAL_STRING_SCHEMA).build();
    private static final Schema UPDATE = SchemaBuilder.struct().optional().name("io.debezium.connector.mongodb.changestream.updatedescription").version(1)
        .field("removedFields", SchemaBuilder.array(Schema.STRING_SCHEMA).optional().build()).field("updatedFields", SchemaBuilder.string().optional().name("io.debezium.data.Json").version(1).build()).build();
    private static final Schema TRANSACTION = SchemaBuilder.struct().optional().name("event.block").field("id", Schema.STRING_SCHEMA).field("total_order", Schema.INT64_SCHEMA).field("data_collection_order", Schema.INT64_SCHEMA).build();
    private static final Schema JSON = SchemaBuilder.string().optional().name("io.debezium.data.Json").version(1).build();
    private static final Schema ENVELOPE = SchemaBuilder.struct().name(TOPIC + ".Envelope").field("before", JSON).field("after", JSON).field("updateDescription", UPDATE).field("source", SOURCE)
        .field("op", Schema.OPTIONAL_STRING_SCHEMA).field("ts_ms", Schema.OPTIONAL_INT64_SCHEMA).field("transaction", TRANSACTION).build();
    private static final Schema KEY = SchemaBuilder.struct().name(TOPIC + ".Key").field("id", Schema.STRING_SCHEMA).build();

    private static final String[] IDS = {"{\"$oid\": \"5fcf1a7e9a1b2c3d4e5f6071\"}", "1004", "\"abc\"", "{\"$numberLong\": \"7\"}", "{\"a\": 1, \"b\": {\"c\": \"x\"}}", "12345678901", "1.5", "{\"$binary\": {\"base64\": \"AQID\", \"subType\": \"04\"}}"};

    private static final String[] DOCUMENTS = {
        "{\"_id\": 1, \"name\": \"Ann\"}",
        "{\"_id\": {\"$oid\": \"5fcf1a7e9a1b2c3d4e5f6071\"}, \"s\": \"h\\u00e9 \\\"q\\\"\", \"i\": 5, \"neg\": -7, \"big\": 12345678901, \"d\": 1.0, \"e\": 1e3, \"t\": true, \"f\": false, \"n\": null}",
        "{\"l\": {\"$numberLong\": \"9223372036854775807\"}, \"i\": {\"$numberInt\": \"42\"}, \"d\": {\"$numberDouble\": \"-0.5\"}, \"inf\": {\"$numberDouble\": \"Infinity\"}, \"dec\": {\"$numberDecimal\": \"12.50\"}}",
        "{\"dec\": {\"$numberDecimal\": \"1E+3\"}, \"nan\": {\"$numberDecimal\": \"NaN\"}, \"neg\": {\"$numberDecimal\": \"-0.001\"}}",
        "{\"a\": {\"$date\": 1600000000123}, \"b\": {\"$date\": \"2024-02-03T04:05:06.789Z\"}, \"c\": {\"$date\": {\"$numberLong\": \"-1\"}}, \"d\": {\"$date\": \"2024-02-03T04:05:06+02:00\"}}",
        "{\"b\": {\"$binary\": \"AQID\", \"$type\": \"00\"}, \"c\": {\"$binary\": {\"base64\": \"/+8=\", \"subType\": \"00\"}}, \"u\": {\"$uuid\": \"c8edabc3-f738-4ca3-b68d-ab92a91478a3\"}}",
        "{\"r\": {\"$regex\": \"^a.*\", \"$options\": \"i\"}, \"q\": {\"$regularExpression\": {\"pattern\": \"x\", \"options\": \"\"}}}",
        "{\"t\": {\"$timestamp\": {\"t\": 1600000000, \"i\": 3}}, \"js\": {\"$code\": \"f()\"}, \"un\": {\"$undefined\": true}, \"z\": 1}",
        "{\"a\": {\"b\": {\"c\": 1, \"d\": \"x\"}, \"e\": {}}, \"f\": {}}",
        "{\"tags\": [\"a\", \"b\"], \"nums\": [1, 2], \"doubles\": [1.5, 2.0], \"flags\": [true], \"longs\": [{\"$numberLong\": \"1\"}]}",
        "{\"ids\": [{\"$oid\": \"5fcf1a7e9a1b2c3d4e5f6071\"}], \"dates\": [{\"$date\": 5}], \"bins\": [{\"$binary\": \"AQ==\", \"$type\": \"00\"}], \"decs\": [{\"$numberDecimal\": \"1.0\"}], \"ts\": [{\"$timestamp\": {\"t\": 5, \"i\": 1}}]}",
        "{\"empty\": [], \"x\": 1}",
        "{\"items\": [{\"sku\": \"a\", \"n\": 1}, {\"sku\": \"b\", \"n\": 2}]}",
        "{\"items\": [{\"sku\": \"a\"}, {\"n\": 2}, {\"sku\": \"c\", \"deep\": {\"x\": 1}}]}",
        "{\"items\": [{\"deep\": {\"list\": [1, 2]}}, {\"deep\": {\"list\": [3]}}]}",
        "{\"items\": [{\"list\": [\"a\"], \"e\": []}, {\"list\": [\"b\", \"c\"], \"e\": []}]}",
        "{\"items\": [{\"docs\": [{\"x\": 1}, {\"x\": 2}]}]}",
        "{\"mixed\": [1, \"a\"]}",
        "{\"mixed\": [1, null, true]}",
        "{\"mixed\": [null, \"a\"]}",
        "{\"mixed\": [1, 12345678901]}",
        "{\"mixed\": [{\"x\": 1}, {\"x\": \"y\"}]}",
        "{\"mixed\": [{\"x\": 1}, 2]}",
        "{\"mixed\": [[1], 2]}",
        "{\"matrix\": [[1, 2], [3]]}",
        "{\"matrix\": [[\"a\"], [\"b\", \"c\"]], \"after\": 1}",
        "{\"matrix\": [[], [1]]}",
        "{\"matrix\": [[{\"x\": 1}], [{\"x\": 2}]]}",
        "{\"cube\": [[[1]]]}",
        "{\"docs\": [{}, {}]}",
        "{\"same\": [{\"x\": 1}, {\"x\": 1}]}",
        "{\"nulls\": [null, null]}",
        "{\"res\": [{\"$regex\": \"a\", \"$options\": \"\"}]}",
        "{\"orders\": [1, 2], \"a\": {\"a\": [3]}}",
        "{\"a.b\": 1, \"a b\": 2, \"1x\": 3, \"\\u00e9\": 4, \"_ok\": {\"x-y\": [{\"p.q\": 1}]}}",
        "{\"__deleted\": \"mine\", \"x\": 1}",
        "{\"__proto__\": {\"x\": 1}, \"constructor\": \"c\"}",
        "{\"min\": {\"$minKey\": 1}}",
        "{\"sym\": {\"$symbol\": \"s\"}}",
        "{\"scoped\": {\"$code\": \"f\", \"$scope\": {\"x\": 1}}}",
        "{\"$set\": {\"x\": 1}}",
        "{}",
        "{broken",
        "[1]",
    };

    private static final String[] UPDATES = {"{\"name\": \"Bob\"}", "{\"a.b\": 1, \"a.c.0\": \"x\"}", "{\"tags\": [\"x\"], \"_id\": 9}", "{}", "{\"doc\": {\"x\": {\"$numberLong\": \"5\"}}}", null};

    private final Inventor inventor = new Inventor(951);

    public static void main(String[] args) throws Exception {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        Locale.setDefault(Locale.ENGLISH);
        new MongoDbRecorder().record(Path.of(args[0]));
    }

    void record(Path folder) throws Exception {
        try (Recording out = new Recording(folder, "mongodb-transforms")) {
            KafkaTransformsRecorder.recordConfig(out, CLASS);
            for (Map<String, String> config : List.of(Map.of("array.encoding", "list"), Map.of("flatten.struct", "maybe"), Map.of("delete.tombstone.handling.mode", "nope"), Map.of("array.encoding", "<array|document>"))) {
                KafkaTransformsRecorder.recordConfigure(out, CLASS, config);
            }
            for (String document : DOCUMENTS) {
                for (String encoding : new String[] {"array", "document"}) {
                    for (String flatten : new String[] {"false", "true"}) {
                        KafkaTransformsRecorder.recordApply(out, CLASS, Map.of("array.encoding", encoding, "flatten.struct", flatten), event("c", null, document, null, IDS[0]));
                    }
                }
            }
            for (String id : IDS) KafkaTransformsRecorder.recordApply(out, CLASS, Map.of(), event("c", null, DOCUMENTS[0], null, id));
            for (int i = 0; i < CASES; i++) KafkaTransformsRecorder.recordApply(out, CLASS, config(), any());
        }
    }

    private void maybe(Map<String, String> config, double chance, String key, String... values) {
        if (inventor.chance(chance)) config.put(key, inventor.pick(values));
    }

    private Map<String, String> config() {
        Map<String, String> config = new HashMap<>();
        maybe(config, 0.8, "delete.tombstone.handling.mode", "drop", "tombstone", "rewrite", "rewrite-with-tombstone", "delete-to-tombstone", "REWRITE");
        maybe(config, 0.6, "array.encoding", "array", "document", "DOCUMENT");
        maybe(config, 0.4, "flatten.struct", "true", "false");
        maybe(config, 0.3, "flatten.struct.delimiter", ".", "-", "__");
        maybe(config, 0.4, "add.fields", "op", "op,collection,ord", "source.ts_ms,transaction.id", "op:OP, db:DB", "ts_ms", "id", "updateDescription.updatedFields", "nope", "lsid");
        maybe(config, 0.3, "add.fields.prefix", "", "_x_");
        maybe(config, 0.4, "add.headers", "op", "op,collection", "source.ts_ms:TS", "total_order", "nope");
        maybe(config, 0.2, "add.headers.prefix", "", "h.");
        maybe(config, 0.3, "delete.tombstone.handling.mode.rewrite-with-id", "true", "false");
        maybe(config, 0.2, "field.name.adjustment.mode", "none", "avro", "avro_unicode");
        return config;
    }

    private ConnectRecords.Parts any() {
        String id = inventor.pick(IDS);
        if (inventor.chance(0.1)) return parts(KEY, id, null, null);
        if (inventor.chance(0.03)) return parts(null, null, ENVELOPE, value("c", null, DOCUMENTS[0], null));
        // Documents that always fail are among those by hand.
        String document = DOCUMENTS[inventor.random.nextInt(17)];
        switch (inventor.pick(new String[] {"c", "r", "u", "U", "d", "d"})) {
            case "u": return event("u", inventor.chance(0.3) ? document : null, document, update(), id);
            case "U": return event("u", inventor.chance(0.3) ? document : null, null, update(), id);
            case "d": return event("d", inventor.chance(0.6) ? document : null, null, null, id);
            default: return event("c", null, document, null, id);
        }
    }

    private Struct update() {
        List<String> removed = inventor.pick(new List[] {null, List.of("name"), List.of("x", "_id")});
        return new Struct(UPDATE).put("updatedFields", inventor.pick(UPDATES)).put("removedFields", removed);
    }

    private ConnectRecords.Parts event(String op, String before, String after, Struct update, String id) {
        return parts(KEY, id, ENVELOPE, value(op, before, after, update));
    }

    private Struct value(String op, String before, String after, Struct update) {
        Struct source = new Struct(SOURCE).put("version", "3.5.0.Final").put("ts_ms", 1699999999000L).put("db", "shop").put("collection", "orders").put("ord", 1);
        Struct value = new Struct(ENVELOPE).put("before", before).put("after", after).put("updateDescription", update).put("source", source).put("op", op).put("ts_ms", 1700000000123L);
        if (inventor.chance(0.5)) value.put("transaction", new Struct(TRANSACTION).put("id", "tx7").put("total_order", 3L).put("data_collection_order", 2L));
        return value;
    }

    private ConnectRecords.Parts parts(Schema keySchema, String id, Schema schema, Object value) {
        ConnectHeaders headers = new ConnectHeaders();
        if (inventor.chance(0.3)) headers.addString("trace", "t-1");
        return new ConnectRecords.Parts(false, TOPIC, 2, keySchema, keySchema == null ? null : new Struct(keySchema).put("id", id), schema, value, 1700000001000L, headers);
    }
}
