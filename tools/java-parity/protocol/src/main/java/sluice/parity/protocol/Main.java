package sluice.parity.protocol;

import java.nio.file.Files;
import java.nio.file.Path;

/** Writes all recordings into the folder given as the only argument. */
public final class Main {
    private Main() { }

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Files.createDirectories(folder);
        ErrorRecorder.record(folder.resolve("errors.json"));
        ApiRecorder.record(folder.resolve("apis.json"));
        MessageRecorder.record(folder.resolve("messages.jsonl.gz"));
    }
}
