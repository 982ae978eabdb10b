package sluice.parity.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.ConnectPlugin;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;

/** Kafka's own transformations and predicates. */
final class KafkaTransformsRecorder {
    private static final String PACKAGE = "org.apache.kafka.connect.transforms.";
    static final int RANDOM_CASES = 260;

    private final RecordInventor records = new RecordInventor(501);

    void record(Path folder) throws Exception {
        try (Recording out = new Recording(folder, "kafka-transforms")) {
            for (TransformCases.Subject subject : TransformCases.subjects()) {
                recordConfig(out, subject.className());
                for (Map<String, String> config : subject.wrongConfigs()) recordConfigure(out, subject.className(), config);
                for (TransformCases.Case one : subject.cases()) recordApply(out, subject.className(), one.config(), one.parts());
                for (int i = 0; i < RANDOM_CASES; i++) {
                    boolean isKey = subject.className().endsWith("$Key");
                    boolean isStruct = i % 2 == 0;
                    Map<String, String> config = subject.randomConfig(records);
                    recordApply(out, subject.className(), config, records.record(isKey, isStruct));
                }
            }
            recordPredicates(out);
        }
    }

    static Object instance(String className) throws Exception {
        return Class.forName(className).getDeclaredConstructor().newInstance();
    }

    /** The keys that a plug-in has, with all that a form shows of them. */
    static void recordConfig(Recording out, String className) throws Exception {
        ConfigDef def = ((ConnectPlugin) instance(className)).config();
        ObjectNode line = Recording.line("config").put("class", className);
        ArrayNode keys = line.putArray("keys");
        for (ConfigDef.ConfigKey key : def.configKeys().values()) {
            ObjectNode node = keys.addObject().put("name", key.name).put("type", key.type.name()).put("importance", key.importance.name());
            node.put("required", !key.hasDefault());
            if (key.hasDefault()) node.put("default", ConfigDef.convertToString(key.defaultValue, key.type));
            node.put("group", key.group).put("orderInGroup", key.orderInGroup).put("width", key.width.name()).put("displayName", key.displayName);
            node.put("validator", key.validator == null ? null : key.validator.toString());
        }
        out.record(line, into -> { });
    }

    static void recordConfigure(Recording out, String className, Map<String, String> config) throws IOException {
        ObjectNode line = Recording.line("configure").put("class", className);
        line.set("config", Tagged.strings(config));
        out.record(line, into -> {
            Object plugin = instance(className);
            if (plugin instanceof Transformation<?> transformation) transformation.configure(config);
            else ((Predicate<?>) plugin).configure(config);
        });
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    static void recordApply(Recording out, String className, Map<String, String> config, ConnectRecords.Parts parts) throws IOException {
        ObjectNode line = Recording.line("apply").put("class", className);
        line.set("config", Tagged.strings(config));
        line.set("record", ConnectRecords.tagged(parts.toRecord()));
        out.record(line, into -> {
            Transformation transformation = (Transformation) instance(className);
            transformation.configure(config);
            ConnectRecord<?> made = transformation.apply(parts.toRecord());
            if (made == null) into.put("dropped", true);
            else into.set("result", ConnectRecords.tagged(made));
            transformation.close();
        });
    }

    private void recordPredicates(Recording out) throws Exception {
        List<String> classes = List.of("HasHeaderKey", "RecordIsTombstone", "TopicNameMatches");
        for (String name : classes) recordConfig(out, PACKAGE + "predicates." + name);
        for (String pattern : new String[] {"orders", "ord.*", ".*", "db\\..*", "topic-\\d+", "(?i)ORDERS", "", "(", "[a-z]+", "x|y", "ord"}) {
            Map<String, String> config = Map.of("pattern", pattern);
            recordConfigure(out, PACKAGE + "predicates.TopicNameMatches", config);
            for (String topic : RecordInventor.TOPICS) {
                recordTest(out, "TopicNameMatches", config, new ConnectRecords.Parts(true, topic, 0, null, null, null, null, null, ConnectRecords.headers(List.of())));
            }
        }
        for (String name : new String[] {"a", "zz", "", "__proto__"}) {
            recordConfigure(out, PACKAGE + "predicates.HasHeaderKey", Map.of("name", name));
            for (int i = 0; i < 12; i++) recordTest(out, "HasHeaderKey", Map.of("name", name), records.record(false, true));
        }
        recordConfigure(out, PACKAGE + "predicates.HasHeaderKey", Map.of());
        recordConfigure(out, PACKAGE + "predicates.TopicNameMatches", Map.of());
        recordTest(out, "RecordIsTombstone", Map.of(), ConnectRecords.Parts.ofValue(null, null));
        recordTest(out, "RecordIsTombstone", Map.of(), ConnectRecords.Parts.ofValue(Schema.OPTIONAL_STRING_SCHEMA, null));
        recordTest(out, "RecordIsTombstone", Map.of(), ConnectRecords.Parts.ofValue(Schema.STRING_SCHEMA, ""));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void recordTest(Recording out, String name, Map<String, String> config, ConnectRecords.Parts parts) throws IOException {
        ObjectNode line = Recording.line("test").put("class", PACKAGE + "predicates." + name);
        line.set("config", Tagged.strings(new TreeMap<>(config)));
        line.set("record", ConnectRecords.tagged(parts.toRecord()));
        out.record(line, into -> {
            Predicate predicate = (Predicate) instance(PACKAGE + "predicates." + name);
            predicate.configure(config);
            into.put("result", predicate.test(parts.toRecord()));
        });
    }

    static List<ConnectRecords.Parts> list(ConnectRecords.Parts... parts) {
        return new ArrayList<>(List.of(parts));
    }
}
