import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads and writes offset files the way Java's standalone worker does. `read FILE` prints one line
 * `key TAB value` per entry; `write FILE key value ...` makes a file of those entries.
 */
public class OffsetFile {
    public static void main(String[] args) throws Exception {
        Path path = Path.of(args[1]);
        if (args[0].equals("read")) read(path);
        else write(path, args);
    }

    @SuppressWarnings("unchecked")
    private static void read(Path path) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(Files.newInputStream(path))) {
            Object map = in.readObject();
            if (map.getClass() != HashMap.class) throw new IllegalStateException(map.getClass().getName());
            for (Map.Entry<byte[], byte[]> entry : ((Map<byte[], byte[]>) map).entrySet()) {
                System.out.println(text(entry.getKey()) + "\t" + text(entry.getValue()));
            }
        }
    }

    private static void write(Path path, String[] args) throws IOException {
        Map<byte[], byte[]> map = new HashMap<>();
        for (int at = 2; at < args.length; at += 2) map.put(bytes(args[at]), bytes(args[at + 1]));
        try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(path))) {
            out.writeObject(map);
        }
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
