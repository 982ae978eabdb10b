package sluice.parity.data;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.transforms.Transformation;

/** The cases of bench/data/transforms.bench.ts with Kafka's own classes: CPU ns per record, median and fastest. */
public final class TransformsBench {
    private static final int RECORDS = 1024;
    private static final int ROUNDS = 7;
    private static final long ROUND_NANOS = 300_000_000;
    private static final Schema ORDER = SchemaBuilder.struct().name("bench.Order").field("id", Schema.INT64_SCHEMA).field("customer", Schema.STRING_SCHEMA).field("email", Schema.OPTIONAL_STRING_SCHEMA)
        .field("amount", Schema.FLOAT64_SCHEMA).field("quantity", Schema.INT32_SCHEMA).field("currency", Schema.STRING_SCHEMA).field("paid", Schema.BOOLEAN_SCHEMA).field("created", Schema.INT64_SCHEMA)
        .field("note", Schema.OPTIONAL_STRING_SCHEMA).field("country", Schema.STRING_SCHEMA).build();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Keeps the compiler from leaving work out. */
    static long checked;

    private TransformsBench() {
    }

    public static void main(String[] args) throws Exception {
        String[] insert = {"InsertField$Value", "topic.field", "topic"};
        String[] replace = {"ReplaceField$Value", "exclude", "note", "renames", "customer:client"};
        String[] cast = {"Cast$Value", "spec", "quantity:int64,amount:string"};
        String[] timestamp = {"TimestampConverter$Value", "field", "created", "target.type", "string", "format", "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'"};
        Map<String, String[][]> cases = new LinkedHashMap<>();
        cases.put("InsertField", new String[][] {insert});
        cases.put("ReplaceField", new String[][] {replace});
        cases.put("Cast", new String[][] {cast});
        cases.put("TimestampConverter to text", new String[][] {timestamp});
        cases.put("MaskField", new String[][] {{"MaskField$Value", "fields", "email,customer"}});
        cases.put("HoistField", new String[][] {{"HoistField$Value", "field", "order"}});
        cases.put("ExtractField", new String[][] {{"ExtractField$Value", "field", "id"}});
        cases.put("ValueToKey", new String[][] {{"ValueToKey", "fields", "id"}});
        cases.put("Flatten", new String[][] {{"Flatten$Value"}});
        cases.put("SetSchemaMetadata", new String[][] {{"SetSchemaMetadata$Value", "schema.name", "n"}});
        cases.put("RegexRouter", new String[][] {{"RegexRouter", "regex", "(.*)\\.(.*)", "replacement", "$2-$1"}});
        cases.put("TimestampRouter", new String[][] {{"TimestampRouter"}});
        cases.put("InsertField, ReplaceField, Cast", new String[][] {insert, replace, cast});
        cases.put("InsertField, ReplaceField, TimestampConverter", new String[][] {insert, replace, timestamp});
        System.out.println("java " + Runtime.version() + ", CPU ns per record: median (fastest)");
        for (Map.Entry<String, String[][]> entry : cases.entrySet()) {
            String schemaless = entry.getKey().equals("SetSchemaMetadata") ? "-" : measure(entry.getValue(), false);
            System.out.printf("%-48s schema %-14s schemaless %s%n", entry.getKey(), measure(entry.getValue(), true), schemaless);
        }
    }

    private static String measure(String[][] steps, boolean isStruct) throws Exception {
        List<Transformation<SinkRecord>> chain = new ArrayList<>();
        for (String[] step : steps) chain.add(transformation(step));
        List<SinkRecord> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            records.add(new SinkRecord("shop.orders", i % 12, null, null, isStruct ? ORDER : null, isStruct ? struct(i) : map(i), i, 1_700_000_000_000L + i, TimestampType.CREATE_TIME));
        }
        for (int i = 0; i < 3; i++) round(chain, records);
        double[] figures = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) figures[i] = round(chain, records);
        Arrays.sort(figures);
        return String.format("%.0f (%.0f)", figures[ROUNDS / 2], figures[0]);
    }

    private static double round(List<Transformation<SinkRecord>> chain, List<SinkRecord> records) {
        long cpu = THREADS.getCurrentThreadCpuTime();
        long end = System.nanoTime() + ROUND_NANOS;
        int rounds = 0;
        for (; System.nanoTime() < end; rounds++) {
            for (SinkRecord record : records) {
                SinkRecord current = record;
                for (Transformation<SinkRecord> transformation : chain) current = transformation.apply(current);
                checked += current.topic().length();
            }
        }
        return (double) (THREADS.getCurrentThreadCpuTime() - cpu) / ((long) rounds * RECORDS);
    }

    @SuppressWarnings("unchecked")
    private static Transformation<SinkRecord> transformation(String[] step) throws Exception {
        Transformation<SinkRecord> made = (Transformation<SinkRecord>) KafkaTransformsRecorder.instance("org.apache.kafka.connect.transforms." + step[0]);
        Map<String, String> config = new HashMap<>();
        for (int i = 1; i < step.length; i += 2) config.put(step[i], step[i + 1]);
        made.configure(config);
        return made;
    }

    private static Struct struct(int i) {
        Struct struct = new Struct(ORDER);
        map(i).forEach(struct::put);
        return struct;
    }

    private static Map<String, Object> map(int i) {
        Map<String, Object> map = new HashMap<>();
        map.put("id", 1_000_000L + i);
        map.put("customer", "customer-" + i);
        map.put("email", i % 3 == 0 ? null : "c" + i + "@example.org");
        map.put("amount", i * 1.25);
        map.put("quantity", i % 50);
        map.put("currency", "EUR");
        map.put("paid", i % 2 == 0);
        map.put("created", 1_700_000_000_000L + i);
        map.put("note", null);
        map.put("country", "NL");
        return map;
    }
}
