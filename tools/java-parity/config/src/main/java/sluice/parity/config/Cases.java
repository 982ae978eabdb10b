package sluice.parity.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Configs, good and bad: some by hand, the rest put together by a seed. */
final class Cases {
    private static final String CONNECT = "org.apache.kafka.connect.";
    private static final String MIRROR = CONNECT + "mirror.";
    private static final String SOURCE = CONNECT + "file.FileStreamSourceConnector";
    private static final String SINK = CONNECT + "file.FileStreamSinkConnector";
    private static final int INVENTED = 700;

    /** Values for keys of any type. */
    private static final String[] VALUES = {"", " ", "dog", "0", "1", "-1", "2.5", "true", "FALSE", "yes", "a,b", "a,,a", "99999999999", "x:y", "a:b,c:d", "${x:y}"};

    private final Random random;

    Cases(long seed) {
        random = new Random(seed);
    }

    List<Map<String, String>> handPicked() {
        List<Map<String, String>> cases = new ArrayList<>();
        for (String name : List.of(SOURCE, "FileStreamSource", "FileStreamSourceConnector", " FileStreamSource ", "FileStream", "no.such.Class", "", "JsonConverter",
            CONNECT + "json.JsonConverter", MIRROR + "MirrorSourceConnector", "MirrorCheckpoint", "MirrorHeartbeatConnector"))
            cases.add(props("name", "n", "connector.class", name, "topic", "t"));
        cases.add(props());
        cases.add(props("name", "n"));
        cases.add(props("connector.class", SOURCE));
        cases.add(props("name", "", "connector.class", SOURCE, "topic", ""));
        cases.add(props("name", "a\tb", "connector.class", SOURCE, "topic", "t"));
        cases.add(props("name", "n", "connector.class", SOURCE, "topic", "t", "unknown.key", "x", "another", ""));
        cases.add(props("name", "n", "connector.class", SOURCE, "topic", null));
        cases.add(props("name", "n", "connector.class", SOURCE, "topic", "t", "unknown", null));
        cases.add(props("name", null, "connector.class", SINK, "topics", "t"));
        sinks(cases);
        converters(cases);
        chains(cases);
        mirrors(cases);
        framework(cases);
        return cases;
    }

    private static void sinks(List<Map<String, String>> cases) {
        for (String[] pair : new String[][] {{"topics", "a,b"}, {"topics", ""}, {"topics", ","}, {"topics", "a,,b"}, {"topics", "a,a"}, {"topics.regex", "a.*"},
            {"topics.regex", "("}, {"topics.regex", ""}, {"topics.regex", "("}})
            cases.add(props("name", "n", "connector.class", SINK, pair[0], pair[1]));
        cases.add(props("name", "n", "connector.class", SINK, "topics", "a", "topics.regex", "a.*"));
        cases.add(props("name", "n", "connector.class", SINK));
        for (String dlq : List.of("", "a", "dlq", "ab"))
            for (String[] topics : new String[][] {{"topics", "a,b"}, {"topics.regex", "a."}})
                cases.add(props("name", "n", "connector.class", SINK, topics[0], topics[1], "errors.deadletterqueue.topic.name", dlq));
        cases.add(props("name", "n", "connector.class", SINK, "topics", "a", "errors.deadletterqueue.topic.replication.factor", "dog"));
    }

    private static void converters(List<Map<String, String>> cases) {
        for (String key : List.of("key.converter", "value.converter", "header.converter"))
            for (String name : List.of("", "dog", "JsonConverter", "Json", CONNECT + "json.JsonConverter", CONNECT + "storage.StringConverter", CONNECT + "storage.SimpleHeaderConverter",
                CONNECT + "converters.ByteArrayConverter", CONNECT + "converters.LongConverter", CONNECT + "storage.Converter", "java.lang.String", SOURCE))
                for (String[] option : new String[][] {{"", ""}, {"schemas.enable", "dog"}, {"schemas.cache.size", "-1"}, {"decimal.format", "numeric"}, {"decimal.format", "dog"},
                    {"converter.encoding", "UTF-9"}, {"no.such.option", "x"}}) {
                    Map<String, String> props = props("name", "n", "connector.class", SOURCE, "topic", "t", key, name);
                    if (!option[0].isEmpty()) props.put(key + "." + option[0], option[1]);
                    cases.add(props);
                }
        cases.add(props("name", "n", "connector.class", SOURCE, "topic", "t", "key.converter.schemas.enable", "dog"));
    }

    private static void chains(List<Map<String, String>> cases) {
        for (String list : List.of("a", "a,b", "a,a", "a,,b", "", ",", "a.b")) {
            cases.add(props("name", "n", "connector.class", SOURCE, "topic", "t", "transforms", list));
            cases.add(props("name", "n", "connector.class", SOURCE, "topic", "t", "predicates", list));
        }
        for (String type : List.of("", "dog", "HoistField", "HoistField$Value", CONNECT + "transforms.HoistField", CONNECT + "transforms.HoistField$Key", CONNECT + "transforms.Transformation",
            SOURCE, "java.lang.String", CONNECT + "transforms.predicates.HasHeaderKey")) {
            cases.add(props("name", "n", "connector.class", SOURCE, "topic", "t", "transforms", "a", "transforms.a.type", type, "transforms.a.field", "f"));
            cases.add(props("name", "n", "connector.class", SOURCE, "topic", "t", "predicates", "a", "predicates.a.type", type));
        }
        String hoist = CONNECT + "transforms.HoistField$Value";
        String tombstone = CONNECT + "transforms.predicates.RecordIsTombstone";
        for (String[] extra : new String[][] {{"predicate", "p"}, {"predicate", "q"}, {"predicate", ""}, {"negate", "true"}, {"negate", "dog"}, {"predicate", "p", "negate", "true"},
            {"predicate", "p", "negate", "dog"}, {"unknown", "x"}}) {
            Map<String, String> props = props("name", "n", "connector.class", SOURCE, "topic", "t", "transforms", "a", "transforms.a.type", hoist, "transforms.a.field", "f",
                "predicates", "p", "predicates.p.type", tombstone);
            for (int i = 0; i < extra.length; i += 2) props.put("transforms.a." + extra[i], extra[i + 1]);
            cases.add(props);
        }
        cases.add(props("name", "n", "connector.class", SINK, "topics", "t", "transforms", "a,b", "transforms.a.type", hoist, "transforms.b.type", hoist, "transforms.b.field", ""));
    }

    private static void mirrors(List<Map<String, String>> cases) {
        for (String name : List.of("MirrorSourceConnector", "MirrorCheckpointConnector", "MirrorHeartbeatConnector"))
            for (String[] extra : new String[][] {{}, {"source.cluster.alias", "a"}, {"source.cluster.alias", "a", "target.cluster.alias", "b", "source.cluster.bootstrap.servers", "h:1",
                "target.cluster.bootstrap.servers", "h:2"}, {"source.cluster.alias", "a", "tasks.max", "0", "refresh.topics.interval.seconds", "dog"},
                {"source.cluster.alias", "a", "emit.offset-syncs.enabled", "false", "offset-syncs.topic.location", "target"}, {"source.cluster.alias", "a", "emit.checkpoints.enabled", "false",
                "sync.group.offsets.enabled", "false"}, {"source.cluster.alias", "a", "exactly.once.support", "required"}, {"source.cluster.alias", "a", "metric.names.formats", "dog"}}) {
                Map<String, String> props = props("name", "n", "connector.class", MIRROR + name);
                for (int i = 0; i < extra.length; i += 2) props.put(extra[i], extra[i + 1]);
                cases.add(props);
            }
    }

    private static void framework(List<Map<String, String>> cases) {
        for (String key : List.of("tasks.max", "tasks.max.enforce", "config.action.reload", "errors.tolerance", "errors.retry.timeout", "errors.retry.delay.max.ms", "errors.log.enable",
            "errors.log.include.messages", "exactly.once.support", "transaction.boundary", "transaction.boundary.interval.ms", "offsets.storage.topic", "topic.creation.groups",
            "topic.creation.default.partitions", "topic.creation.default.replication.factor", "connector.plugin.version", "key.converter.plugin.version", "batch.size"))
            for (String value : List.of("", "dog", "0", "1", "-1", "ALL", "all", "none", "restart", "true", "required", "poll", "interval", "a,b", "a,a", "4.3.1", "[4.3.1]", "[1,2)"))
                if (!key.endsWith(".version") || value.matches("|dog|4.3.1|.4.3.1.|.1,2."))
                    cases.add(props("name", "n", "connector.class", SOURCE, "topic", "t", key, value));
    }

    /** Client settings under the worker's policy. */
    List<Map<String, String>> overrides() {
        List<Map<String, String>> cases = new ArrayList<>();
        for (String prefix : List.of("producer.override.", "consumer.override.", "admin.override."))
            for (String[] setting : new String[][] {{"linger.ms", "5"}, {"linger.ms", "dog"}, {"sasl.jaas.config", "secret"}, {"sasl.mechanism", "PLAIN"}, {"security.protocol", "SSL"},
                {"no.such.setting", "x"}, {"fetch.min.bytes", "1"}, {"acks", "all"}}) {
                cases.add(props("name", "n", "connector.class", SOURCE, "topic", "t", prefix + setting[0], setting[1]));
                cases.add(props("name", "n", "connector.class", SINK, "topics", "t", prefix + setting[0], setting[1]));
                cases.add(props("name", "n", "connector.class", SINK, "topics", "t", "errors.deadletterqueue.topic.name", "d", prefix + setting[0], setting[1]));
                cases.add(props("name", "n", "connector.class", SOURCE, "topic", "t", "topic.creation.default.partitions", "1", "topic.creation.default.replication.factor", "1",
                    prefix + setting[0], setting[1]));
            }
        return cases;
    }

    /** Transformations and predicates, each key given or not, with good and bad values. */
    List<Map<String, String>> invented() {
        List<Map<String, String>> cases = new ArrayList<>();
        for (int i = 0; i < INVENTED; i++) {
            boolean isSink = random.nextInt(4) == 0;
            Map<String, String> props = props("name", "n", "connector.class", isSink ? SINK : SOURCE, isSink ? "topics" : "topic", "t");
            int count = random.nextInt(2) + 1;
            List<String> aliases = new ArrayList<>();
            for (int j = 0; j < count; j++) {
                String alias = "t" + j;
                aliases.add(alias);
                Transforms.invent(random, VALUES, "transforms." + alias + ".", props);
            }
            props.put("transforms", String.join(",", aliases));
            if (random.nextInt(3) == 0) {
                props.put("predicates", "p");
                Transforms.inventPredicate(random, VALUES, "predicates.p.", props);
                if (random.nextBoolean()) props.put("transforms.t0.predicate", "p");
            }
            cases.add(props);
        }
        return cases;
    }

    private static Map<String, String> props(String... pairs) {
        Map<String, String> props = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) props.put(pairs[i], pairs[i + 1]);
        return props;
    }
}
