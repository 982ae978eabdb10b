package sluice.parity.protocol;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ApiMessageType;

/** Versions, listeners and, for every version, the header versions of each API. */
final class ApiRecorder {
    private ApiRecorder() { }

    static void record(Path file) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        List<String> lines = new ArrayList<>();
        for (ApiMessageType api : ApiMessageType.values()) {
            // An API without versions is gone from the protocol; Java only keeps its number.
            if (api.lowestSupportedVersion() > api.highestSupportedVersion(true)) continue;
            ObjectNode entry = mapper.createObjectNode();
            entry.put("name", api.toString());
            entry.put("key", api.apiKey());
            entry.put("minVersion", api.lowestSupportedVersion());
            entry.put("maxVersion", api.highestSupportedVersion(true));
            entry.put("latestStableVersion", api.highestSupportedVersion(false));
            ArrayNode listeners = entry.putArray("listeners");
            api.listeners().forEach(listener -> listeners.add(listener.name()));
            ArrayNode headers = entry.putArray("headers");
            for (short v = api.lowestSupportedVersion(); v <= api.highestSupportedVersion(true); v++) {
                headers.addArray().add(api.requestHeaderVersion(v)).add(api.responseHeaderVersion(v));
            }
            lines.add(mapper.writeValueAsString(entry));
        }
        Files.writeString(file, "[\n" + String.join(",\n", lines) + "\n]\n");
    }
}
