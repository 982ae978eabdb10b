package sluice.parity.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiMessage;

/** A message definition, read from the jar that also holds the classes made from it. */
record Definition(String name, String type, short low, short high, JsonNode root) {

    static List<Definition> all() throws Exception {
        ObjectMapper mapper = new ObjectMapper().enable(JsonParser.Feature.ALLOW_COMMENTS);
        URI jar = ApiMessage.class.getProtectionDomain().getCodeSource().getLocation().toURI();
        List<Definition> definitions = new ArrayList<>();
        try (FileSystem files = FileSystems.newFileSystem(URI.create("jar:" + jar), Map.of());
             Stream<Path> paths = Files.list(files.getPath("/common/message"))) {
            for (Path path : paths.filter(path -> path.toString().endsWith(".json")).sorted().toList()) {
                try (InputStream input = Files.newInputStream(path)) {
                    JsonNode root = mapper.readTree(input);
                    short[] range = Versions.parse(root.get("validVersions").asText());
                    if (range[0] > range[1]) continue;
                    definitions.add(new Definition(root.get("name").asText(), root.get("type").asText(),
                        range[0], range[1], root));
                }
            }
        }
        return definitions;
    }

    /** Java appends "Data" to all but plain data. */
    String className() {
        return "org.apache.kafka.common.message." + (type.equals("data") ? name : name + "Data");
    }

    /** Fields of a struct that is named, not written out, where it is used. */
    JsonNode structFields(JsonNode field) {
        if (field.has("fields")) return field.get("fields");
        String wanted = field.get("type").asText().replace("[]", "");
        if (root.has("commonStructs")) {
            for (JsonNode struct : root.get("commonStructs")) {
                if (struct.get("name").asText().equals(wanted)) return struct.get("fields");
            }
        }
        throw new IllegalStateException(name + ": no struct " + wanted);
    }
}
