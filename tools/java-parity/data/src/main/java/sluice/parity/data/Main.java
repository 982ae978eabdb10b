package sluice.parity.data;

import java.nio.file.Path;
import java.util.TimeZone;

/** Records everything: arguments are the folders for packages/api and for packages/converters. */
public final class Main {
    private Main() {
    }

    public static void main(String[] args) throws Exception {
        // Java prints and parses dates in the zone of its process; the recordings are made in UTC.
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        // Before JDK 19 Java prints some doubles with more digits than needed.
        if (Runtime.version().feature() < 19) throw new IllegalStateException("record with a JDK of 19 or more");
        Path api = Path.of(args[0]);
        Path converters = Path.of(args[1]);
        new NumberTextRecorder().record(api);
        new ValuesRecorder().record(api);
        new ProjectorRecorder().record(api);
        new ConfigRecorder().record(api);
        new JsonRecorder().record(converters);
        new ConverterRecorder().record(converters);
    }
}
