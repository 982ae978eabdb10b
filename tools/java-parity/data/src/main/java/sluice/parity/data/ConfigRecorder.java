package sluice.parity.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigValue;

/** Definitions made of a seed, parsed and validated with good and bad values. */
final class ConfigRecorder {
    private static final Type[] TYPES = {Type.BOOLEAN, Type.STRING, Type.INT, Type.SHORT, Type.LONG, Type.DOUBLE, Type.LIST, Type.PASSWORD};
    private static final String[] VALUES = {
        "", " ", "1", " 2 ", "-1", "0", "5", "10", "11", "abc", "a", "A", "b", "true", "TRUE", " False ", "yes", "a,b", " a , b ", "a,,b", ",", "a,a", "a, a,b",
        "1.5", "1e3", "0x10", "NaN", "Infinity", "-Infinity", "+Infinity", "infinity", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "2147483647",
        "2147483648", "-2147483649", "32767", "32768", "1_000", "+5", "-0", "1f", "1d", "1D", ".5", "5.", "1e400", "x\u0000y", "x\ny", "\u0085", "\t", "\u00a0x", "1L", "\u0661\u0662", "0x1p3", "dog"};

    private final Inventor inventor = new Inventor(44);

    void record(Path folder) throws IOException {
        try (Recording out = new Recording(folder, "config-def")) {
            for (Type type : TYPES) {
                for (String value : VALUES) {
                    ObjectNode line = Recording.line("parse-type").put("type", type.name()).put("value", value);
                    out.record(line, into -> into.set("result", Tagged.value(ConfigDef.parseType("k", value, type))));
                }
            }
            for (int i = 0; i < 1500; i++) recordDefinition(out);
            recordEmbedded(out);
        }
    }

    private void recordDefinition(Recording out) throws IOException {
        ArrayNode described = Recording.JSON.createArrayNode();
        ConfigDef def = definition(described);
        Map<String, String> props = props(def);
        ObjectNode parse = Recording.line("parse");
        parse.set("def", described);
        parse.set("props", Tagged.strings(props));
        out.record(parse, line -> {
            ObjectNode values = line.putObject("values");
            new TreeMap<>(def.parse(props)).forEach((name, value) -> values.set(name, Tagged.value(value)));
        });
        recordValidation(out, def, described, props);
        ObjectNode order = Recording.line("order");
        order.set("def", described);
        out.record(order, line -> {
            ArrayNode names = line.putArray("names");
            // The order of documentation is seen from outside in the text that is made of it.
            for (String text : def.toRst().split("\n")) if (text.startsWith("``")) names.add(text.replace("``", ""));
        });
    }

    private void recordValidation(Recording out, ConfigDef def, ArrayNode described, Map<String, String> props) throws IOException {
        ObjectNode line = Recording.line("validate");
        line.set("def", described);
        line.set("props", Tagged.strings(props));
        out.record(line, into -> {
            ObjectNode values = into.putObject("values");
            for (ConfigValue value : new TreeMap<>(def.validateAll(props)).values()) {
                ObjectNode entry = values.putObject(value.name());
                entry.set("value", Tagged.value(value.value()));
                entry.set("errors", Recording.JSON.valueToTree(value.errorMessages()));
                entry.set("recommended", Tagged.value(value.recommendedValues()));
                entry.put("visible", value.visible());
            }
        });
    }

    private void recordEmbedded(Recording out) throws IOException {
        for (int i = 0; i < 150; i++) {
            ArrayNode described = Recording.JSON.createArrayNode();
            ConfigDef child = definition(described);
            ConfigDef parent = new ConfigDef();
            parent.embed("pre.", "Group", 3, child);
            ObjectNode line = Recording.line("embed");
            line.set("def", described);
            out.record(line, into -> {
                ArrayNode keys = into.putArray("keys");
                for (ConfigDef.ConfigKey key : parent.configKeys().values()) {
                    keys.addObject().put("name", key.name).put("group", key.group).put("order", key.orderInGroup)
                        .put("validator", key.validator == null ? null : key.validator.toString())
                        .set("dependents", Recording.JSON.valueToTree(key.dependents));
                }
            });
            Map<String, String> props = new HashMap<>();
            props(child).forEach((name, value) -> props.put("pre." + name, value));
            ObjectNode validation = Recording.line("validate-embedded");
            validation.set("def", described);
            validation.set("props", Tagged.strings(props));
            out.record(validation, into -> {
                ObjectNode values = into.putObject("values");
                for (ConfigValue value : new TreeMap<>(parent.validateAll(props)).values()) {
                    values.set(value.name(), Recording.JSON.valueToTree(value.errorMessages()));
                }
            });
        }
    }

    private ConfigDef definition(ArrayNode described) {
        ConfigDef def = new ConfigDef();
        int size = inventor.random.nextInt(5) + 1;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < size; i++) names.add("key." + (char) ('a' + i));
        for (int i = 0; i < size; i++) {
            // A child comes behind its parent, so that there are no circles; one may be undefined.
            List<String> dependents = new ArrayList<>();
            if (inventor.chance(0.3) && i + 1 < size) dependents.add(names.get(i + 1));
            if (inventor.chance(0.04)) dependents.add("undefined.key");
            define(def, described, names.get(i), dependents);
        }
        return def;
    }

    private void define(ConfigDef def, ArrayNode described, String name, List<String> dependents) {
        Type type = inventor.pick(TYPES);
        ObjectNode about = Recording.JSON.createObjectNode().put("name", name).put("type", type.name());
        ConfigDef.Validator validator = inventor.chance(0.6) ? validator(type, about) : null;
        Object defaultValue = ConfigDef.NO_DEFAULT_VALUE;
        if (inventor.chance(0.6)) {
            String text = inventor.chance(0.3) ? null : inventor.pick(VALUES);
            try {
                Object parsed = ConfigDef.parseType(name, text, type);
                if (validator != null) validator.ensureValid(name, parsed);
                defaultValue = text;
                about.put("default", text);
            } catch (RuntimeException unusable) {
                // It stays a required key.
                defaultValue = ConfigDef.NO_DEFAULT_VALUE;
            }
        }
        Importance importance = inventor.pick(Importance.values());
        String group = inventor.chance(0.5) ? inventor.pick(new String[] {"G1", "G2"}) : null;
        int order = inventor.random.nextInt(3) - 1;
        ConfigDef.Recommender recommender = inventor.chance(0.15) ? recommender(about) : null;
        about.put("importance", importance.name()).put("group", group).put("order", order);
        about.set("dependents", Recording.JSON.valueToTree(dependents));
        described.add(about);
        def.define(name, type, defaultValue, validator, importance, "doc", group, order, Width.NONE, name, dependents, recommender);
    }

    private static ConfigDef.Recommender recommender(ObjectNode about) {
        about.put("recommends", true);
        return new ConfigDef.Recommender() {
            @Override
            public List<Object> validValues(String name, Map<String, Object> config) {
                return new ArrayList<>(List.of(name, "r"));
            }

            @Override
            public boolean visible(String name, Map<String, Object> config) {
                return config.get("key.a") != null;
            }
        };
    }

    private ConfigDef.Validator validator(Type type, ObjectNode about) {
        ArrayNode description = about.putArray("validator");
        ConfigDef.Validator made = switch (type) {
            case INT, SHORT, LONG, DOUBLE -> inventor.chance(0.5)
                ? told(ConfigDef.Range.atLeast(1), description.add("at-least").add(1))
                : told(ConfigDef.Range.between(0, 10), description.add("between").add(0).add(10));
            case LIST -> switch (inventor.random.nextInt(4)) {
                case 0 -> told(ConfigDef.ValidList.in("a", "b"), description.add("list").add(true).add(false).add("a").add("b"));
                case 1 -> told(ConfigDef.ValidList.in(false, "a", "b"), description.add("list").add(false).add(false).add("a").add("b"));
                case 2 -> told(ConfigDef.ValidList.anyNonDuplicateValues(true, true), description.add("list").add(true).add(true));
                default -> told(ConfigDef.ListSize.atMostOfSize(1), description.add("list-size").add(1));
            };
            case STRING -> switch (inventor.random.nextInt(6)) {
                case 0 -> told(ConfigDef.ValidString.in("a", "b", "dog"), description.add("string").add("a").add("b").add("dog"));
                case 1 -> told(ConfigDef.CaseInsensitiveValidString.in("a"), description.add("any-case").add("a"));
                case 2 -> told(new ConfigDef.NonEmptyString(), description.add("non-empty"));
                case 3 -> told(new ConfigDef.NonEmptyStringWithoutControlChars(), description.add("no-control"));
                case 4 -> told(ConfigDef.CompositeValidator.of(new ConfigDef.NonNullValidator(), new ConfigDef.NonEmptyString()), description.add("composite"));
                default -> told(new ConfigDef.NonNullValidator(), description.add("non-null"));
            };
            default -> told(new ConfigDef.NonNullValidator(), description.add("non-null"));
        };
        about.put("validValues", made.toString());
        return made;
    }

    private static ConfigDef.Validator told(ConfigDef.Validator validator, ArrayNode description) {
        return validator;
    }

    private Map<String, String> props(ConfigDef def) {
        Map<String, String> props = new LinkedHashMap<>();
        for (ConfigDef.ConfigKey key : def.configKeys().values()) {
            if (inventor.chance(0.75)) props.put(key.name, inventor.chance(0.04) ? null : value(key.type));
        }
        if (inventor.chance(0.2)) props.put("unknown.key", "x");
        return props;
    }

    /** Half of the values are good. */
    private String value(Type type) {
        if (inventor.chance(0.5)) return inventor.pick(VALUES);
        return switch (type) {
            case BOOLEAN -> inventor.pick(new String[] {"true", "false"});
            case INT, SHORT, LONG -> Integer.toString(inventor.random.nextInt(12));
            case DOUBLE -> inventor.random.nextInt(12) + ".5";
            case LIST -> inventor.pick(new String[] {"a", "a,b", "b , a", ""});
            default -> inventor.pick(new String[] {"a", "b", "dog"});
        };
    }

    static List<String> values() {
        return Arrays.asList(VALUES);
    }
}
