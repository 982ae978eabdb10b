package sluice.parity.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.connect.runtime.rest.entities.ConfigKeyInfo;

/**
 * JSON lines, compressed. Answers repeat the same keys hundreds of times: each different key stands once, as a line
 * of its own, answers name its number. Documentation is left out: ours is in our own words.
 */
final class Recording implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BufferedWriter out;
    private final Map<String, Integer> known = new HashMap<>();

    Recording(Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        // No time stamp: two runs give the same bytes.
        out = new BufferedWriter(new OutputStreamWriter(
            new GZIPOutputStream(Files.newOutputStream(folder.resolve(name + ".jsonl.gz"))), StandardCharsets.UTF_8));
    }

    /** A plug-in's keys as `GET /connector-plugins/{name}/config` shows them. */
    void plugin(String className, List<ConfigKeyInfo> keys) throws IOException {
        ObjectNode line = JSON.createObjectNode().put("op", "plugin").put("class", className);
        ArrayNode numbers = JSON.createArrayNode();
        for (JsonNode key : JSON.<ArrayNode>valueToTree(keys)) numbers.add(number(key));
        line.set("keys", numbers);
        write(line);
    }

    /** A whole answer of `config/validate`. */
    void answer(String policy, Map<String, String> props, Validator validator) throws IOException {
        ObjectNode line = JSON.createObjectNode().put("op", "validate").put("policy", policy);
        line.set("props", JSON.valueToTree(new TreeMap<>(props)));
        try {
            ObjectNode answer = JSON.valueToTree(validator.validate(props));
            ArrayNode numbers = JSON.createArrayNode();
            for (JsonNode config : answer.get("configs")) numbers.add(number(config));
            answer.set("configs", numbers);
            line.set("answer", answer);
        } catch (Throwable thrown) {
            line.set("error", JSON.createObjectNode()
                .put("class", thrown.getClass().getName()).put("message", thrown.getMessage()));
        }
        write(line);
    }

    private int number(JsonNode entry) throws IOException {
        withoutDocumentation(entry);
        String text = JSON.writeValueAsString(entry);
        Integer number = known.get(text);
        if (number != null) return number;
        known.put(text, known.size());
        ObjectNode line = JSON.createObjectNode().put("op", "entry");
        line.set("entry", entry);
        write(line);
        return known.size() - 1;
    }

    private static void withoutDocumentation(JsonNode entry) {
        if (entry instanceof ObjectNode object) object.remove("documentation");
        if (entry.get("definition") instanceof ObjectNode definition) definition.remove("documentation");
    }

    private void write(JsonNode line) throws IOException {
        out.write(JSON.writeValueAsString(line));
        out.write('\n');
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
