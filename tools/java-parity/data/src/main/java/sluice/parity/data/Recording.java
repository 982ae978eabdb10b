package sluice.parity.data;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** A file of compressed JSON lines. */
final class Recording implements AutoCloseable {
    /** All in ASCII: half surrogate pairs survive only as escapes. */
    static final ObjectMapper JSON = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** Something that may throw: what it throws is recorded. */
    interface Call {
        void into(ObjectNode line) throws Exception;
    }

    private final BufferedWriter out;
    private final String name;
    private int count;

    Recording(Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        this.name = name;
        GZIPOutputStream zip = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name + ".jsonl.gz"))) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        };
        out = new BufferedWriter(new OutputStreamWriter(zip, StandardCharsets.UTF_8));
    }

    static ObjectNode line(String op) {
        return JSON.createObjectNode().put("op", op);
    }

    /** Writes the line with what the call adds, or with the error that it throws. */
    void record(ObjectNode line, Call call) throws IOException {
        try {
            call.into(line);
        } catch (Throwable error) {
            line.putObject("error")
                .put("class", error.getClass().getName())
                // An address differs from run to run.
                .put("message", error.getMessage() == null ? null : error.getMessage().replaceAll("\\[B@[0-9a-f]+", "[B@0"));
        }
        out.write(JSON.writeValueAsString(line));
        out.write('\n');
        count++;
    }

    @Override
    public void close() throws IOException {
        out.close();
        System.out.println(name + ": " + count + " cases");
    }
}
