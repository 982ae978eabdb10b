package sluice.parity.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.transforms.Cast;
import org.apache.kafka.connect.transforms.DropHeaders;
import org.apache.kafka.connect.transforms.ExtractField;
import org.apache.kafka.connect.transforms.Filter;
import org.apache.kafka.connect.transforms.Flatten;
import org.apache.kafka.connect.transforms.HeaderFrom;
import org.apache.kafka.connect.transforms.HoistField;
import org.apache.kafka.connect.transforms.InsertField;
import org.apache.kafka.connect.transforms.InsertHeader;
import org.apache.kafka.connect.transforms.MaskField;
import org.apache.kafka.connect.transforms.RegexRouter;
import org.apache.kafka.connect.transforms.ReplaceField;
import org.apache.kafka.connect.transforms.SetSchemaMetadata;
import org.apache.kafka.connect.transforms.TimestampConverter;
import org.apache.kafka.connect.transforms.TimestampRouter;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.ValueToKey;
import org.apache.kafka.connect.transforms.predicates.HasHeaderKey;
import org.apache.kafka.connect.transforms.predicates.Predicate;
import org.apache.kafka.connect.transforms.predicates.RecordIsTombstone;
import org.apache.kafka.connect.transforms.predicates.TopicNameMatches;

/** Configs of bundled transformations and predicates. */
final class Transforms {
    private static final List<Transformation<?>> TRANSFORMATIONS = List.of(
        new Cast.Key<>(), new Cast.Value<>(), new DropHeaders<>(), new ExtractField.Key<>(), new ExtractField.Value<>(), new Filter<>(), new Flatten.Key<>(), new Flatten.Value<>(),
        new HeaderFrom.Key<>(), new HeaderFrom.Value<>(), new HoistField.Key<>(), new HoistField.Value<>(), new InsertField.Key<>(), new InsertField.Value<>(), new InsertHeader<>(),
        new MaskField.Key<>(), new MaskField.Value<>(), new RegexRouter<>(), new ReplaceField.Key<>(), new ReplaceField.Value<>(), new SetSchemaMetadata.Key<>(),
        new SetSchemaMetadata.Value<>(), new TimestampConverter.Key<>(), new TimestampConverter.Value<>(), new TimestampRouter<>(), new ValueToKey<>());
    private static final List<Predicate<?>> PREDICATES = List.of(new HasHeaderKey<>(), new RecordIsTombstone<>(), new TopicNameMatches<>());
    /** Values that some key or other takes. */
    private static final String[] GOOD = {"f", "f:int32", "a:b", "move", "copy", "string", "Timestamp", "unix", "yyyy", "milliseconds", "V1", "V2", "true", "1", "a.*", "(", "${topic}"};

    private Transforms() {
    }

    static void invent(Random random, String[] values, String prefix, Map<String, String> props) {
        Transformation<?> transformation = TRANSFORMATIONS.get(random.nextInt(TRANSFORMATIONS.size()));
        props.put(prefix + "type", transformation.getClass().getName());
        fill(random, values, prefix, transformation.config(), props);
    }

    static void inventPredicate(Random random, String[] values, String prefix, Map<String, String> props) {
        Predicate<?> predicate = PREDICATES.get(random.nextInt(PREDICATES.size()));
        props.put(prefix + "type", predicate.getClass().getName());
        fill(random, values, prefix, predicate.config(), props);
    }

    private static void fill(Random random, String[] values, String prefix, ConfigDef def, Map<String, String> props) {
        // The order of a hash is no seed.
        List<String> names = new ArrayList<>(def.names());
        names.sort(null);
        for (String name : names) {
            int kind = random.nextInt(4);
            if (kind == 0) continue;
            props.put(prefix + name, kind == 1 ? values[random.nextInt(values.length)] : GOOD[random.nextInt(GOOD.length)]);
        }
    }
}
