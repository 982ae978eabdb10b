import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.cli.ConnectStandalone;
import org.apache.kafka.connect.runtime.rest.entities.CreateConnectorRequest;

/**
 * Reads connector files the way Java's standalone worker does: the first argument is a file with one path a
 * line, the second the file that is written, one JSON object a line: `name`, `config` and `initialState`, or
 * `error`.
 */
public class ReadConnectorFiles {
    public static void main(String[] args) throws Exception {
        Method parse = ConnectStandalone.class.getDeclaredMethod("parseConnectorConfigurationFile", String.class);
        parse.setAccessible(true);
        ConnectStandalone worker = new ConnectStandalone();
        ObjectMapper mapper = new ObjectMapper();
        StringBuilder out = new StringBuilder();
        for (String path : Files.readAllLines(Path.of(args[0]))) {
            Map<String, Object> line = new LinkedHashMap<>();
            try {
                CreateConnectorRequest request = (CreateConnectorRequest) parse.invoke(worker, path);
                line.put("name", request.name());
                line.put("config", request.config());
                line.put("initialState", request.initialState() == null ? null : request.initialState().name());
            } catch (InvocationTargetException e) {
                line.put("error", String.valueOf(e.getCause()));
            }
            out.append(mapper.writeValueAsString(line)).append('\n');
        }
        Files.writeString(Path.of(args[1]), out.toString(), StandardCharsets.UTF_8);
    }
}
