package sluice.parity.protocol;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;

/** Every error code with its name, its exception class and the classes that one extends, up to ApiException. */
final class ErrorRecorder {
    private ErrorRecorder() { }

    static void record(Path file) throws Exception {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ArrayNode all = mapper.createArrayNode();
        Errors[] errors = Errors.values();
        Arrays.sort(errors, Comparator.comparing(Errors::code));
        for (Errors error : errors) {
            ObjectNode entry = all.addObject();
            entry.put("code", error.code());
            entry.put("name", error.name());
            ApiException exception = error.exception();
            entry.put("exception", exception == null ? null : exception.getClass().getName());
            ArrayNode parents = entry.putArray("extends");
            if (exception != null) addParents(exception.getClass(), parents);
        }
        Files.writeString(file, mapper.writeValueAsString(all) + "\n");
    }

    private static void addParents(Class<?> type, ArrayNode parents) {
        for (Class<?> parent = type.getSuperclass(); parent != ApiException.class && parent != RuntimeException.class
                && parent != Object.class; parent = parent.getSuperclass()) {
            parents.add(parent.getSimpleName());
        }
    }
}
