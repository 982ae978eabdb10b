package sluice.parity.config;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.apache.kafka.connect.tools.SchemaSourceConnector;
import org.apache.kafka.connect.tools.SchemaSourceTask;
import org.apache.kafka.connect.tools.VerifiableSinkConnector;
import org.apache.kafka.connect.tools.VerifiableSinkTask;
import org.apache.kafka.connect.tools.VerifiableSourceConnector;
import org.apache.kafka.connect.tools.VerifiableSourceTask;

/** What Kafka's own test connectors print and emit; times are written as 0. */
final class ToolsRecorder {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int POLLS = 5;

    private final StringBuilder lines = new StringBuilder();
    private final JsonConverter converter = new JsonConverter();

    static void write(Path file) throws Exception {
        ToolsRecorder recorder = new ToolsRecorder();
        recorder.converter.configure(Map.of("schemas.enable", "true"), false);
        for (String complete : List.of("false", "true"))
            for (String throughput : List.of("1000", "-1"))
                recorder.source(new VerifiableSourceTask(), null, Map.of("name", "v \"1\"", "id", "3", "topic", "verified", "throughput", throughput, "complete.record.data", complete));
        recorder.source(new VerifiableSourceTask(), 41L, Map.of("name", "v", "id", "0", "topic", "verified", "throughput", "1000"));
        for (String multiple : List.of("false", "true"))
            for (String partitions : List.of("1", "3"))
                recorder.source(new SchemaSourceTask(), null,
                    Map.of("name", "s", "id", "2", "topic", "schemas", "throughput", "1000", "num.messages", "4", "multiple.schema", multiple, "partition.count", partitions));
        recorder.source(new SchemaSourceTask(), 7L, Map.of("name", "s", "id", "0", "topic", "schemas", "throughput", "1000", "num.messages", "2"));
        recorder.failure(new VerifiableSourceTask(), Map.of("name", "v", "id", "x", "topic", "t", "throughput", "1"));
        recorder.failure(new SchemaSourceTask(), Map.of("name", "v", "id", "1", "topic", "t", "throughput", "1", "num.messages", "x"));
        recorder.sink();
        for (Connector connector : List.of(new VerifiableSourceConnector(), new VerifiableSinkConnector(), new SchemaSourceConnector())) recorder.taskConfigs(connector);
        Files.createDirectories(file.getParent());
        Files.writeString(file, recorder.lines);
    }

    private void source(SourceTask task, Long seqno, Map<String, String> props) throws IOException, InterruptedException {
        ObjectNode line = line("source", task, props);
        if (seqno != null) line.put("committed", seqno);
        task.initialize(context(seqno));
        task.start(props);
        ArrayNode records = line.putArray("records");
        line.put("stdout", printed(() -> {
            for (int i = 0; i < POLLS; i++) {
                List<SourceRecord> polled = poll(task);
                for (SourceRecord record : polled) {
                    records.add(described(record));
                    commit(task, record);
                }
            }
        }));
        task.stop();
        add(line);
    }

    private void failure(SourceTask task, Map<String, String> props) throws IOException {
        ObjectNode line = line("failure", task, props);
        task.initialize(context(null));
        try {
            task.start(props);
        } catch (RuntimeException thrown) {
            line.put("message", thrown.getMessage());
        }
        add(line);
    }

    private void sink() throws IOException {
        Map<String, String> props = Map.of("name", "k", "id", "1");
        VerifiableSinkTask task = new VerifiableSinkTask();
        ObjectNode line = line("sink", task, props);
        line.put("stdout", printed(() -> {
            task.start(props);
            task.put(IntStream.range(0, 4).mapToObj(i -> new SinkRecord("t", i % 2, Schema.INT32_SCHEMA, 7, Schema.INT64_SCHEMA, 100L + i, i)).toList());
            task.flush(Map.of(new TopicPartition("t", 1), new OffsetAndMetadata(4)));
            task.put(List.of(new SinkRecord("t", 1, null, null, null, "text", 9)));
            task.flush(Map.of(new TopicPartition("t", 0), new OffsetAndMetadata(3)));
            task.flush(Map.of(new TopicPartition("t", 1), new OffsetAndMetadata(10)));
            task.stop();
        }));
        add(line);
    }

    private void taskConfigs(Connector connector) throws IOException {
        Map<String, String> props = Map.of("name", "n", "topic", "t");
        connector.start(props);
        ObjectNode line = JSON.createObjectNode().put("op", "task-configs").put("class", connector.getClass().getName());
        ArrayNode configs = line.putArray("configs");
        for (Map<String, String> config : connector.taskConfigs(3)) configs.add(JSON.valueToTree(new TreeMap<>(config)));
        line.put("keys", String.join(",", connector.config().names()));
        connector.stop();
        add(line);
    }

    private ObjectNode described(SourceRecord record) {
        return JSON.createObjectNode().put("topic", record.topic()).put("partition", record.kafkaPartition())
            .put("key", text(record.topic(), record.keySchema(), record.key())).put("value", text(record.topic(), record.valueSchema(), record.value()))
            .put("sourcePartition", record.sourcePartition().toString()).put("sourceOffset", record.sourceOffset().toString());
    }

    private String text(String topic, Schema schema, Object value) {
        return withoutTime(new String(converter.fromConnectData(topic, schema, value), StandardCharsets.UTF_8));
    }

    private static String printed(Runnable work) {
        PrintStream out = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setOut(out);
        }
        return withoutTime(bytes.toString(StandardCharsets.UTF_8));
    }

    private static String withoutTime(String text) {
        return text.replaceAll("\"time_ms\":\\d+", "\"time_ms\":0");
    }

    private static List<SourceRecord> poll(SourceTask task) {
        // After its last message a task sleeps until it is stopped.
        Thread waker = new Thread(() -> {
            try {
                Thread.sleep(500);
                task.stop();
            } catch (InterruptedException done) {
                Thread.currentThread().interrupt();
            }
        });
        waker.start();
        try {
            List<SourceRecord> records = task.poll();
            return records == null ? List.of() : records;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        } finally {
            waker.interrupt();
        }
    }

    private static void commit(SourceTask task, SourceRecord record) {
        try {
            task.commitRecord(record, null);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static SourceTaskContext context(Long seqno) {
        OffsetStorageReader reader = (OffsetStorageReader) Proxy.newProxyInstance(ToolsRecorder.class.getClassLoader(), new Class<?>[] {OffsetStorageReader.class},
            (proxy, method, args) -> seqno == null ? null : Map.of("seqno", seqno));
        return (SourceTaskContext) Proxy.newProxyInstance(ToolsRecorder.class.getClassLoader(), new Class<?>[] {SourceTaskContext.class},
            (proxy, method, args) -> method.getName().equals("offsetStorageReader") ? reader : new HashMap<>());
    }

    private static ObjectNode line(String op, Object task, Map<String, String> props) {
        ObjectNode line = JSON.createObjectNode().put("op", op).put("class", task.getClass().getName());
        line.set("props", JSON.valueToTree(new TreeMap<>(props)));
        return line;
    }

    private void add(ObjectNode line) throws IOException {
        lines.append(JSON.writeValueAsString(line)).append('\n');
    }
}
