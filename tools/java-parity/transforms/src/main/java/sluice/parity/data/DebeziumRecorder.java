package sluice.parity.data;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Debezium's transformations. */
final class DebeziumRecorder {
    private static final String PACKAGE = "io.debezium.transforms.";
    private static final int CASES = 350;

    private final ChangeEvents events = new ChangeEvents(901);
    private final Inventor inventor = new Inventor(902);

    void record(Path folder) throws Exception {
        try (Recording out = new Recording(folder, "debezium-transforms")) {
            record(out, "ExtractNewRecordState", this::extractNewRecordState, events::any, Map.of("delete.tombstone.handling.mode", "nope"), Map.of("drop.fields.from.key", "maybe"));
            record(out, "ToLogicalTopicRouter", this::logicalTopic, events::any, Map.of(), Map.of("topic.regex", "("), Map.of("topic.regex", "a", "topic.replacement", "b", "key.field.regex", "c"));
            record(out, "ByLogicalTableRouter", this::logicalTopic, events::any, Map.of());
            record(out, "ExtractChangedRecordState", this::changedState, events::any);
            record(out, "HeaderToValue", this::headerToValue, events::any, Map.of(), Map.of("headers", "a,b", "fields", "x", "operation", "move"), Map.of("headers", "a b", "fields", "x", "operation", "move"));
            record(out, "partitions.PartitionRouting", this::partitions, events::any, Map.of(), Map.of("partition.payload.fields", "a", "partition.topic.num", "0"));
            record(out, "TimezoneConverter", this::timezone, events::any, Map.of(), Map.of("converted.timezone", "Mars/Olympus"), Map.of("converted.timezone", "UTC", "include.list", "bogus"));
            record(out, "SchemaChangeEventFilter", () -> Map.of("schema.change.event.exclude.list", "DROP, TRUNCATE"), events::any, Map.of(), Map.of("schema.change.event.exclude.list", "NOPE"));
            record(out, "outbox.EventRouter", this::outbox, events::outbox, Map.of("table.fields.additional.placement", "a"), Map.of("table.op.invalid.behavior", "nope"), Map.of("route.topic.regex", "("));
        }
    }

    @SafeVarargs
    private void record(Recording out, String name, Supplier<Map<String, String>> configs, Supplier<ConnectRecords.Parts> records, Map<String, String>... wrong) throws Exception {
        KafkaTransformsRecorder.recordConfig(out, PACKAGE + name);
        for (Map<String, String> config : wrong) KafkaTransformsRecorder.recordConfigure(out, PACKAGE + name, config);
        for (int i = 0; i < CASES; i++) KafkaTransformsRecorder.recordApply(out, PACKAGE + name, configs.get(), records.get());
    }

    private Map<String, String> maybe(Map<String, String> config, double chance, String key, String... values) {
        if (inventor.chance(chance)) config.put(key, inventor.pick(values));
        return config;
    }

    private Map<String, String> extractNewRecordState() {
        Map<String, String> config = new HashMap<>();
        maybe(config, 0.8, "delete.tombstone.handling.mode", "drop", "tombstone", "rewrite", "rewrite-with-tombstone", "delete-to-tombstone", "REWRITE");
        maybe(config, 0.5, "add.fields", "op", "op,table,lsn", "source.ts_ms,transaction.id", "op:OP, db:DB", "nope", "ts_ms,ts_us", "id", "snapshot", "source.nope,op");
        maybe(config, 0.3, "add.fields.prefix", "", "_x_");
        maybe(config, 0.4, "add.headers", "op", "op,table", "source.ts_ms:TS", "total_order", "nope");
        maybe(config, 0.2, "add.headers.prefix", "", "h.");
        maybe(config, 0.3, "route.by.field", "name", "note", "id", "nope");
        maybe(config, 0.4, "drop.fields.header.name", "dropped", "trace", "absent");
        maybe(config, 0.3, "drop.fields.from.key", "true", "false");
        maybe(config, 0.3, "drop.fields.keep.schema.compatible", "true", "false");
        return maybe(config, 0.4, "replace.null.with.default", "true", "false");
    }

    private Map<String, String> logicalTopic() {
        Map<String, String> config = new HashMap<>();
        config.put("topic.regex", inventor.pick(new String[] {"(.*)\\.(.*)\\.(.*)", "(.*)shard_\\d", "nothing", "(.*)orders"}));
        config.put("topic.replacement", inventor.pick(new String[] {"$1.all", "$1all", "merged", "", "$1-x y"}));
        maybe(config, 0.4, "key.enforce.uniqueness", "true", "false");
        if (inventor.chance(0.4)) {
            config.put("key.field.regex", inventor.pick(new String[] {".*\\.(.*)", "nothing", "(.*)"}));
            config.put("key.field.replacement", "k_$1");
        }
        maybe(config, 0.3, "key.field.name", "source", "id");
        return maybe(config, 0.3, "schema.name.adjustment.mode", "none", "avro", "avro_unicode");
    }

    private Map<String, String> changedState() {
        Map<String, String> config = new HashMap<>();
        maybe(config, 0.7, "header.changed.name", "changed", "c");
        return maybe(config, 0.7, "header.unchanged.name", "same", "u");
    }

    private Map<String, String> headerToValue() {
        Map<String, String> config = new HashMap<>();
        config.put("operation", inventor.pick(new String[] {"move", "copy", "MOVE"}));
        String[][] pairs = {{"trace", "t"}, {"trace,retries", "t,source.r"}, {"trace", "after.trace"}, {"absent", "x"}, {"retries,trace", "extra.r,extra.t"}, {"dropped", "d"}};
        String[] pair = inventor.pick(pairs);
        config.put("headers", pair[0]);
        config.put("fields", pair[1]);
        return config;
    }

    private Map<String, String> partitions() {
        Map<String, String> config = new HashMap<>();
        config.put("partition.payload.fields", inventor.pick(new String[] {"change.id", "change.name", "change.name, change.id", "source.table", "op", "change.big", "change.ratio,change.single", "change.active", "change.amount", "nope", "change.connect_ts",
            "ts_ms", "change.nope,source.lsn", "source.db,source.table,change.id"}));
        config.put("partition.topic.num", inventor.pick(new String[] {"1", "3", "16", "100"}));
        return maybe(config, 0.5, "partition.hash.function", "java", "murmur", "MURMUR");
    }

    private Map<String, String> timezone() {
        Map<String, String> config = new HashMap<>();
        config.put("converted.timezone", inventor.pick(new String[] {"America/New_York", "+05:30", "Europe/Berlin", "-08:00", "UTC", "Asia/Kolkata", "Australia/Lord_Howe"}));
        maybe(config, 0.4, "include.list", "source:orders", "source:orders:zoned", "topic:srv", "source:orders:created,customers:source.ts_ms", "orders:after.micro,orders:before.nano", "source:shard_1:source.ts_us,shard_1:source.ts_ms");
        if (!config.containsKey("include.list")) maybe(config, 0.4, "exclude.list", "source:orders", "source:orders:zoned", "customers:created,customers:micro");
        return config;
    }

    private Map<String, String> outbox() {
        Map<String, String> config = new HashMap<>();
        maybe(config, 0.6, "table.fields.additional.placement", "type:header", "type:header:eventType,tenant:envelope", "shard:partition", "version:envelope:v,type:envelope", "nope:header", "nope:envelope", "tenant:header,shard:partition,type:envelope:kind");
        maybe(config, 0.3, "table.field.additional.missing", "ignore", "error");
        maybe(config, 0.4, "table.expand.json.payload", "true");
        maybe(config, 0.3, "table.json.payload.null.behavior", "optional_bytes", "ignore");
        maybe(config, 0.3, "table.json.payload.empty.array.behavior", "optional_string", "ignore");
        maybe(config, 0.3, "table.field.event.timestamp", "at_ms", "at_us", "plain", "nope");
        maybe(config, 0.3, "route.tombstone.on.empty.payload", "true", "false");
        maybe(config, 0.2, "table.op.invalid.behavior", "warn", "error", "fatal");
        maybe(config, 0.2, "route.by.field", "type", "tenant");
        maybe(config, 0.2, "route.topic.replacement", "events.$1", "${routedByValue}");
        maybe(config, 0.2, "table.field.event.key", "type", "id");
        maybe(config, 0.1, "table.field.event.payload", "tenant", "nope");
        return maybe(config, 0.1, "table.field.event.id", "type", "nope");
    }
}
