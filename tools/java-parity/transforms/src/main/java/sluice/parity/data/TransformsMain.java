package sluice.parity.data;

import java.nio.file.Path;
import java.util.Locale;
import java.util.TimeZone;

/** Records everything; the argument is the folder for packages/transforms. */
public final class TransformsMain {
    private TransformsMain() {
    }

    public static void main(String[] args) throws Exception {
        // What Java prints and reads hangs on both.
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        Locale.setDefault(Locale.ENGLISH);
        // Before JDK 19 Java prints some doubles with more digits than needed.
        if (Runtime.version().feature() < 19) throw new IllegalStateException("record with a JDK of 19 or more");
        Path folder = Path.of(args[0]);
        new KafkaTransformsRecorder().record(folder);
        new DateFormatRecorder().record(folder);
        new RegexRecorder().record(folder);
        new DebeziumRecorder().record(folder);
        new MongoDbRecorder().record(folder);
    }
}
