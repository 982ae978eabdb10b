package sluice.parity.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Message;

/**
 * For every message and version: a few instances, invented from the definition, built and written by Java. One line each:
 * <ul>
 * <li>{@code message, version, style, bytes, json}: the instance;</li>
 * <li>{@code tagged}: the bytes of the same instance with unknown tagged fields in every struct, if the version is flexible;</li>
 * <li>{@code others}: what Java does with the instance in other versions: bytes, or null where it refuses.</li>
 * </ul>
 */
final class MessageRecorder {
    private static final int MIXED_INSTANCES = 2;
    private static final long SEED = 4301;

    private final ObjectMapper mapper = new ObjectMapper();
    private final Writer out;
    private int lines;

    private MessageRecorder(Writer out) {
        this.out = out;
    }

    static void record(Path file) throws Exception {
        try (Writer out = new OutputStreamWriter(
                new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(file))), StandardCharsets.UTF_8)) {
            MessageRecorder recorder = new MessageRecorder(out);
            for (Definition definition : Definition.all()) recorder.message(definition);
            System.out.println(recorder.lines + " instances recorded");
        }
    }

    private void message(Definition definition) throws Exception {
        for (short version = definition.low(); version <= definition.high(); version++) {
            for (Inventor.Style style : Inventor.Style.values()) {
                int instances = style == Inventor.Style.MIXED ? MIXED_INSTANCES : 1;
                for (int i = 0; i < instances; i++) instance(definition, version, style, i);
            }
        }
    }

    private void instance(Definition definition, short version, Inventor.Style style, int index) throws Exception {
        // A seed of its own for each instance: a change in one message leaves the others as they were.
        Random random = new Random(SEED + definition.name().hashCode() * 31L + version * 1009L
            + style.ordinal() * 101L + index);
        JsonNode invented = new Inventor(definition, version, style, random).message();
        Message message = JavaMessage.fromJson(definition, invented, version);
        ObjectNode line = mapper.createObjectNode();
        line.put("message", definition.name());
        line.put("version", version);
        line.put("style", style.name());
        line.put("bytes", base64(JavaMessage.toBytes(message, version)));
        line.set("json", JavaMessage.toJson(definition, message, version));
        if (style != Inventor.Style.EXTREME) others(definition, message, version, line.putObject("others"));
        if (style == Inventor.Style.FULL && Versions.contain(definition.root(), "flexibleVersions", version)) {
            JavaMessage.addUnknownTags(message);
            line.put("tagged", base64(JavaMessage.toBytes(message, version)));
        }
        out.write(mapper.writeValueAsString(line));
        out.write('\n');
        lines++;
    }

    /** The instance in the neighbouring versions and the outermost ones. */
    private void others(Definition definition, Message message, short version, ObjectNode others) {
        for (int other : new int[] {definition.low(), version - 1, version + 1, definition.high()}) {
            if (other == version || other < definition.low() || other > definition.high()) continue;
            others.put(String.valueOf(other), bytesOrNull(message, (short) other));
        }
    }

    /** Null when Java refuses: a value that the version can't carry, or null where it has no null. */
    private static String bytesOrNull(Message message, short version) {
        try {
            return base64(JavaMessage.toBytes(message, version));
        } catch (UnsupportedVersionException | NullPointerException refused) {
            return null;
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
