package sluice.parity.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Numbers to text and back. */
final class NumberTextRecorder {
    private final Inventor inventor = new Inventor(11);

    void record(Path folder) throws IOException {
        try (Recording out = new Recording(folder, "number-text")) {
            for (double value : doubles()) {
                out.record(with("double", "value", Tagged.value(value)), line -> line.put("text", Double.toString(value)));
            }
            for (float value : floats()) {
                out.record(with("float", "value", Tagged.value(value)), line -> line.put("text", Float.toString(value)));
            }
            for (int i = 0; i < 1500; i++) {
                BigDecimal value = inventor.decimal(inventor.random.nextInt(60) - 20);
                out.record(with("decimal", "value", Tagged.value(value)), line -> line
                    .put("text", value.toString()).put("plain", value.toPlainString())
                    .put("float", Integer.toHexString(Float.floatToIntBits(value.floatValue())))
                    .put("double", Long.toHexString(Double.doubleToLongBits(value.doubleValue()))));
            }
            for (String text : decimalTexts()) {
                ObjectNode line = Recording.line("parse-decimal").put("text", text);
                out.record(line, into -> into.set("value", Tagged.value(new BigDecimal(text))));
            }
        }
    }

    private static ObjectNode with(String op, String name, com.fasterxml.jackson.databind.JsonNode node) {
        ObjectNode line = Recording.line(op);
        line.set(name, node);
        return line;
    }

    private List<Double> doubles() {
        List<Double> values = new ArrayList<>(List.of(0d, -0d, 1d, -1d, 1e-3, 9.99e-4, 1e7, 9999999.0, 9999999.999999998,
            Double.MAX_VALUE, Double.MIN_VALUE, Double.MIN_NORMAL, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
            2e-3, 1e23, 2e23, 8.41e21, 9.5e-322, 4.9e-324, 9.9e-324, 1.5e-323, 2.0e-323, 5e-7, 1e21, 1e22, 123456789012345680.0));
        for (int i = 0; i < 2500; i++) values.add(Double.longBitsToDouble(inventor.random.nextLong()));
        for (int i = 0; i < 600; i++) values.add(inventor.random.nextInt(2000000) / 1000.0);
        for (int i = -30; i < 30; i++) values.add(Math.pow(10, i));
        for (int i = -1074; i < 1023; i += 7) values.add(Math.pow(2, i));
        return values;
    }

    private List<Float> floats() {
        List<Float> values = new ArrayList<>(List.of(0f, -0f, 1f, 0.1f, 1e-3f, 9.99e-4f, 1e7f, 9999999f, Float.MAX_VALUE, Float.MIN_VALUE,
            Float.MIN_NORMAL, Float.NaN, Float.POSITIVE_INFINITY, 3.3e38f, 16777216f, 1.4e-45f, 2.8e-45f, 4.2e-45f, 1.17549435E-38f));
        for (int i = 0; i < 3000; i++) values.add(Float.intBitsToFloat(inventor.random.nextInt()));
        for (int i = 0; i < 600; i++) values.add(inventor.random.nextInt(2000000) / 1000f);
        for (int i = -149; i < 128; i++) values.add((float) Math.pow(2, i));
        for (int i = -45; i < 39; i++) values.add((float) Math.pow(10, i));
        return values;
    }

    private List<String> decimalTexts() {
        List<String> texts = new ArrayList<>(List.of("", " ", "1", "-1", "+1", "1.", ".5", ".", "1.50", "1e3", "1E+3", "1e-3", "1e", "e1", "0x10", "1_0",
            " 1", "1 ", "--1", "+-1", "1e+", "00012", "0.000", "-0.0", "1e2147483647", "1e2147483648", "1e-2147483648", "NaN", "Infinity",
            "\u0661\u0662", "\u0966", "1\uff10", "1,5", "1f", "1d", "1L", "1e99999999999"));
        char[] alphabet = "0123456789+-.eE".toCharArray();
        for (int i = 0; i < 600; i++) {
            StringBuilder text = new StringBuilder();
            int length = inventor.random.nextInt(8) + 1;
            for (int j = 0; j < length; j++) text.append(alphabet[inventor.random.nextInt(alphabet.length)]);
            texts.add(text.toString());
        }
        return texts;
    }
}
