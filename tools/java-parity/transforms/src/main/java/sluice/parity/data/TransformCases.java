package sluice.parity.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** For each of Kafka's transformations: configs at random, configs that are wrong, cases by hand. */
final class TransformCases {
    private static final String[] CAST_TYPES = {"int8", "int16", "int32", "int64", "float32", "float64", "boolean", "string", "INT8", " String "};
    private static final String[] FORMATS = {"yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", "dd/MM/yy HH:mm", "EEE, d MMM yyyy HH:mm:ss Z", "yyyyMMddHHmmss", "h:mm a"};

    private TransformCases() {
    }

    /** One case by hand. */
    record Case(Map<String, String> config, ConnectRecords.Parts parts) {
    }

    /** A class and what to try with it. */
    record Subject(String className, Function<RecordInventor, Map<String, String>> configs, List<Map<String, String>> wrongConfigs, List<Case> cases) {
        Map<String, String> randomConfig(RecordInventor records) {
            return configs.apply(records);
        }
    }

    static List<Subject> subjects() {
        List<Subject> subjects = new ArrayList<>();
        both(subjects, "Cast", TransformCases::cast, List.of(of(), of("spec", ""), of("spec", "a:int8,int8"), of("spec", "a:b:c"), of("spec", "a:nope"),
            of("spec", "nope"), of("spec", "a:bytes"), of("spec", "struct"), of("spec", "a:int8,a:int16"), of("spec", ":int8"), of("spec", "a:")), HandPicked.cast());
        both(subjects, "ExtractField", r -> withNulls(r, of("field", r.inventor.chance(0.8) ? r.inventor.pick(RecordInventor.NAMES) : path(r),
            "field.syntax.version", r.inventor.pick(new String[] {"V1", "V2", "v2"}))),
            List.of(of(), of("field", "`a", "field.syntax.version", "V2"), of("field", "a", "field.syntax.version", "V3")), HandPicked.extractField());
        both(subjects, "Flatten", r -> of("delimiter", r.inventor.pick(new String[] {".", "_", "", "->"})), List.of(), HandPicked.flatten());
        both(subjects, "HeaderFrom", TransformCases::headerFrom, List.of(of(), of("fields", "a", "headers", "x,y", "operation", "move"),
            of("fields", "", "headers", "", "operation", "move"), of("fields", "a", "headers", "x", "operation", "MOVE"), of("fields", "a", "headers", "x")), HandPicked.headerFrom());
        both(subjects, "HoistField", r -> of("field", r.inventor.pick(RecordInventor.NAMES)), List.of(of()), HandPicked.hoistField());
        both(subjects, "InsertField", TransformCases::insertField, List.of(of(), of("static.value", "x"), of("replace.null.with.default", "maybe", "topic.field", "t")), HandPicked.insertField());
        both(subjects, "MaskField", r -> withNulls(r, maybe(r, of("fields", r.nameList()), "replacement", new String[] {"7", "x", "-1.5", "999", "1e3", " 7"})),
            List.of(of(), of("fields", ""), of("fields", "a,a"), of("fields", "a", "replacement", "")), HandPicked.maskField());
        both(subjects, "ReplaceField", TransformCases::replaceField, List.of(of("renames", "a"), of("renames", "a:b:c"), of("renames", ":"), of("exclude", "a,a"), of("include", "a,,b")), HandPicked.replaceField());
        both(subjects, "SetSchemaMetadata", TransformCases::schemaMetadata, List.of(of(), of("schema.version", "x")), HandPicked.setSchemaMetadata());
        both(subjects, "TimestampConverter", TransformCases::timestampConverter, List.of(of(), of("target.type", "date"), of("target.type", "string"), of("target.type", "string", "format", " "),
            of("target.type", "string", "format", "bogus"), of("target.type", "unix", "unix.precision", "hours"), of("target.type", "unix", "format", "yyyy'")), HandPicked.timestampConverter());
        subjects.add(new Subject(name("DropHeaders"), r -> of("headers", r.nameList()), List.of(of(), of("headers", ""), of("headers", "a,a")), List.of()));
        subjects.add(new Subject(name("Filter"), r -> of(), List.of(), List.of()));
        subjects.add(new Subject(name("InsertHeader"), r -> of("header", r.inventor.pick(RecordInventor.NAMES), "value.literal",
            r.inventor.pick(new String[] {"1", "text", "null", "[1,2]", "{\"a\":1}", "true", "2024-01-01", "1.5", "", "99999999999999999999"})), List.of(of(), of("header", "a")), List.of()));
        subjects.add(new Subject(name("RegexRouter"), TransformCases::regexRouter, List.of(of(), of("regex", "a"), of("regex", "(", "replacement", "x"), of("regex", "*", "replacement", "x"),
            of("regex", "[a", "replacement", "x"), of("regex", "a{", "replacement", "x"), of("regex", "a)", "replacement", "x")), List.of()));
        subjects.add(new Subject(name("TimestampRouter"), r -> of("topic.format", r.inventor.pick(new String[] {"${topic}-${timestamp}", "x", "${timestamp}${timestamp}", "${topic}${topic}$1"}),
            "timestamp.format", r.inventor.pick(new String[] {"yyyyMMdd", "YYYY-'W'ww-u", "yyyy.MM.dd.HH", "G yy", "'$1'"})), List.of(), List.of()));
        subjects.add(new Subject(name("ValueToKey"), r -> withNulls(r, of("fields", r.nameList())), List.of(of(), of("fields", ""), of("fields", "a,a")), HandPicked.valueToKey()));
        return subjects;
    }

    private static void both(List<Subject> subjects, String name, Function<RecordInventor, Map<String, String>> configs, List<Map<String, String>> wrong, List<ConnectRecordsCase> cases) {
        for (String part : new String[] {"$Key", "$Value"}) {
            List<Case> own = new ArrayList<>();
            for (ConnectRecordsCase one : cases) own.add(new Case(one.config(), part.equals("$Key") ? one.asKey() : one.asValue()));
            subjects.add(new Subject(name(name) + part, configs, wrong, own));
        }
    }

    private static String name(String simple) {
        return "org.apache.kafka.connect.transforms." + simple;
    }

    static Map<String, String> of(String... pairs) {
        Map<String, String> config = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) config.put(pairs[i], pairs[i + 1]);
        return config;
    }

    private static Map<String, String> maybe(RecordInventor r, Map<String, String> config, String key, String[] values) {
        if (r.inventor.chance(0.5)) config.put(key, r.inventor.pick(values));
        return config;
    }

    private static Map<String, String> withNulls(RecordInventor r, Map<String, String> config) {
        return maybe(r, config, "replace.null.with.default", new String[] {"true", "false"});
    }

    private static String path(RecordInventor r) {
        return r.inventor.pick(RecordInventor.NAMES) + "." + r.inventor.pick(RecordInventor.NAMES);
    }

    private static Map<String, String> cast(RecordInventor r) {
        if (r.inventor.chance(0.1)) return withNulls(r, of("spec", r.inventor.pick(CAST_TYPES)));
        List<String> spec = new ArrayList<>();
        for (String field : r.names()) spec.add(field + ":" + r.inventor.pick(CAST_TYPES));
        return withNulls(r, of("spec", String.join(",", spec)));
    }

    private static Map<String, String> headerFrom(RecordInventor r) {
        List<String> fields = r.names();
        List<String> headers = new ArrayList<>();
        for (String field : fields) headers.add("h-" + field);
        return withNulls(r, of("fields", String.join(",", fields), "headers", String.join(",", headers), "operation", r.inventor.pick(new String[] {"move", "copy"})));
    }

    private static Map<String, String> insertField(RecordInventor r) {
        Map<String, String> config = of();
        String[] keys = {"topic.field", "partition.field", "offset.field", "timestamp.field", "static.field"};
        String[] names = {"t", "p?", "o!", "__proto__", "s!", "constructor?"};
        for (String key : keys) if (r.inventor.chance(0.4)) config.put(key, r.inventor.pick(names) + (r.inventor.chance(0.7) ? "" : "?"));
        if (config.isEmpty()) config.put("topic.field", "t");
        if (config.containsKey("static.field")) config.put("static.value", "fixed");
        return withNulls(r, config);
    }

    private static Map<String, String> replaceField(RecordInventor r) {
        Map<String, String> config = of();
        if (r.inventor.chance(0.4)) config.put("exclude", r.nameList());
        if (r.inventor.chance(0.4)) config.put("include", r.nameList());
        if (r.inventor.chance(0.5)) {
            List<String> renames = new ArrayList<>();
            for (String field : r.names()) renames.add(field + ":" + r.inventor.pick(new String[] {"n1", "n2", "n3", "toString", "n5"}) + renames.size());
            config.put("renames", String.join(",", renames));
        }
        return withNulls(r, config);
    }

    private static Map<String, String> schemaMetadata(RecordInventor r) {
        Map<String, String> config = of("schema.name", "org.example.New");
        if (r.inventor.chance(0.5)) config.put("schema.version", "7");
        if (r.inventor.chance(0.2)) config.remove("schema.name");
        if (config.isEmpty()) config.put("schema.version", "1");
        return withNulls(r, config);
    }

    private static Map<String, String> timestampConverter(RecordInventor r) {
        Map<String, String> config = of("target.type", r.inventor.pick(new String[] {"string", "unix", "Date", "Time", "Timestamp"}), "format", r.inventor.pick(FORMATS));
        if (r.inventor.chance(0.8)) config.put("field", r.inventor.pick(RecordInventor.NAMES));
        maybe(r, config, "unix.precision", new String[] {"seconds", "milliseconds", "microseconds", "nanoseconds"});
        return withNulls(r, config);
    }

    private static Map<String, String> regexRouter(RecordInventor r) {
        String[] regexes = {"(.*)\\.(.*)", "orders", "(?i)ORDERS", "(?<db>[^.]+)\\.(?<schema>[^.]+)\\.(?<table>[^.]+)", "a|a-b_c", "o*+rders", "(\\w+)-(\\d+)", "[a-z&&[^q]]+", "x", "(o)(r)?(z)?.*", ".*"};
        String[] replacements = {"$1", "new", "${table}", "$2_$1", "\\$1", "$9", "${nope}", "$", "x$0y", "${db", "\\", "$11", "$3"};
        return of("regex", r.inventor.pick(regexes), "replacement", r.inventor.pick(replacements));
    }
}
