package sluice.parity.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.SchemaProjector;

/** Values projected from one schema to a changed one; validation of values. */
final class ProjectorRecorder {
    private final Inventor inventor = new Inventor(33);

    void record(Path folder) throws IOException {
        try (Recording out = new Recording(folder, "projector")) {
            for (int i = 0; i < 3000; i++) {
                Schema source = inventor.schema(2);
                Schema target = changed(source);
                Object value = inventor.value(source, 0.2);
                ObjectNode line = Recording.line("project");
                line.set("source", Tagged.schema(source));
                line.set("value", Tagged.value(value));
                line.set("target", Tagged.schema(target));
                out.record(line, into -> into.set("result", Tagged.value(SchemaProjector.project(source, value, target))));
            }
        }
    }

    private Schema changed(Schema source) {
        if (inventor.chance(0.05)) return inventor.schema(1);
        SchemaBuilder builder = switch (source.type()) {
            case STRUCT -> struct(source);
            case ARRAY -> SchemaBuilder.array(changed(source.valueSchema()));
            case MAP -> SchemaBuilder.map(source.keySchema(), changed(source.valueSchema()));
            default -> new SchemaBuilder(source.name() == null && inventor.chance(0.3) ? wider(source.type()) : source.type());
        };
        builder.name(inventor.chance(0.03) ? "other" : source.name());
        boolean keepsParameters = Decimal.LOGICAL_NAME.equals(source.name()) || !inventor.chance(0.03);
        if (source.parameters() != null && keepsParameters) builder.parameters(source.parameters());
        builder.version(source.version());
        if (inventor.chance(0.2) != source.isOptional()) builder.optional();
        if (inventor.chance(0.4) && builder.type() != Schema.Type.STRUCT) builder.defaultValue(inventor.value(builder.build(), 0));
        return builder.build();
    }

    private SchemaBuilder struct(Schema source) {
        SchemaBuilder builder = SchemaBuilder.struct();
        for (Field field : source.fields()) if (!inventor.chance(0.15)) builder.field(field.name(), changed(field.schema()));
        if (inventor.chance(0.3)) builder.field("added", inventor.schema(0));
        return builder;
    }

    private Schema.Type wider(Schema.Type type) {
        Schema.Type[] numbers = {Schema.Type.INT8, Schema.Type.INT16, Schema.Type.INT32, Schema.Type.INT64, Schema.Type.FLOAT32, Schema.Type.FLOAT64};
        for (Schema.Type number : numbers) if (number == type) return inventor.pick(numbers);
        return type;
    }
}
