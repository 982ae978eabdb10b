package sluice.parity.data;

/** JSON by hand: what producers other than Connect write. */
final class JsonTexts {
    static final String[] SCHEMALESS = {
        "", " ", "null", "true", "1", "1.0", "-0", "-0.0", "1e3", "1E400", "0.1", "00012", "-007", "01.5", "9007199254740993", "9223372036854775807", "9223372036854775808",
        "123456789012345678901234567890", "1.7976931348623157e308", "1e-400", "\"\"", "\"a\\u0041\\n\\/\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "[]", "[1,1.0,\"x\",null,true]",
        "{}", "{\"a\":1}", "{\"a\":1,\"a\":2}", "{\"__proto__\":{\"x\":1}}", "{\"constructor\":1}", "{\"a\":{\"b\":[{\"c\":1.50}]}}", " { \"a\" : 1 } ", "{\"a\":1}x", "1 2", "[1,]", "{\"a\":1,}",
        "{a:1}", "'x'", "nul", "tru", "NaN", "Infinity", "+1", ".5", "5.", "1e", "\"abc", "[1", "{\"a\"", "\"tab\there\"", "\"\\x41\"", "// c\n1", "1\n", "\t[\n1\r]", "1.0e+2", "100e-2",
        "[0.0,-0.0,0,-0]", "\u00a01", "{\"\":1}", "\"\u2028\"", "{\"1\":\"a\",\"0\":\"b\"}"};

    static final String[] TYPES = {
        "null", "{\"type\":\"boolean\"}", "{\"type\":\"int8\"}", "{\"type\":\"int16\"}", "{\"type\":\"int32\"}", "{\"type\":\"int64\"}", "{\"type\":\"float\"}", "{\"type\":\"double\"}",
        "{\"type\":\"string\"}", "{\"type\":\"bytes\"}", "{\"type\":\"string\",\"optional\":true}", "{\"type\":\"int32\",\"default\":7}", "{\"type\":\"int32\",\"optional\":true,\"default\":7}",
        "{\"type\":\"array\",\"items\":{\"type\":\"int32\"}}", "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}", "{\"type\":\"map\",\"keys\":{\"type\":\"string\"},\"values\":{\"type\":\"int32\"}}",
        "{\"type\":\"map\",\"keys\":{\"type\":\"int32\"},\"values\":{\"type\":\"string\"}}", "{\"type\":\"struct\",\"fields\":[{\"type\":\"string\",\"field\":\"a\"}]}",
        "{\"type\":\"struct\",\"fields\":[{\"type\":\"int32\",\"optional\":true,\"field\":\"a\"},{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"optional\":true,\"field\":\"l\"}]}",
        "{\"type\":\"bytes\",\"name\":\"org.apache.kafka.connect.data.Decimal\",\"version\":1,\"parameters\":{\"scale\":\"2\"}}",
        "{\"type\":\"bytes\",\"name\":\"org.apache.kafka.connect.data.Decimal\",\"version\":1}",
        "{\"type\":\"int32\",\"name\":\"org.apache.kafka.connect.data.Date\",\"version\":1}", "{\"type\":\"int32\",\"name\":\"org.apache.kafka.connect.data.Time\",\"version\":1}",
        "{\"type\":\"int64\",\"name\":\"org.apache.kafka.connect.data.Timestamp\",\"version\":1}"};

    static final String[] PAYLOADS = {
        "null", "true", "false", "0", "1", "-1", "1.5", "-1.5", "1.0", "200", "-200", "40000", "3000000000", "9007199254740993", "99999999999999999999", "1e3", "1e30", "1e-30", "1.50",
        "\"\"", "\"x\"", "\"12\"", "\"QUI=\"", "\"QUI\"", "\"Q UI=\"", "\"NaN\"", "[]", "[1]", "[1,\"a\",null]", "[[1,\"a\"]]", "[[1]]", "[null]", "{}", "{\"a\":1}", "{\"a\":\"x\"}",
        "{\"a\":null}", "{\"a\":\"x\",\"b\":2}", "{\"a\":1,\"l\":[\"x\",5]}", "{\"a\":1,\"l\":[\"x\"]}", "86400000", "86400001", "-5"};

    static final String[] ENVELOPES = {
        "", "null", "1", "[]", "{}", "{\"schema\":{\"type\":\"int32\"}}", "{\"payload\":1}", "{\"schema\":{\"type\":\"int32\"},\"payload\":1,\"x\":2}", "{\"payload\":1,\"schema\":{\"type\":\"int32\"}}",
        " { \"schema\" : { \"type\" : \"int32\" } , \"payload\" : 5 } ", "{\"schema\":{\"type\":\"int32\"},\"payload\":5} ", "{\"schema\":{\"type\":\"int32\"},\"payload\":5}}", "{\"schema\":{\"type\":\"int32\"},\"payload\":5",
        "{\"schema\":{\"type\":\"int32\"},\"payload\":}", "{\"schema\":{},\"payload\":1}", "{\"schema\":{\"type\":5},\"payload\":1}", "{\"schema\":5,\"payload\":1}", "{\"schema\":\"int32\",\"payload\":1}",
        "{\"schema\":{\"type\":\"nope\"},\"payload\":1}", "{\"schema\":{\"type\":\"array\"},\"payload\":[]}", "{\"schema\":{\"type\":\"array\",\"items\":null},\"payload\":[]}",
        "{\"schema\":{\"type\":\"map\"},\"payload\":{}}", "{\"schema\":{\"type\":\"map\",\"keys\":{\"type\":\"string\"}},\"payload\":{}}", "{\"schema\":{\"type\":\"map\",\"keys\":null,\"values\":null},\"payload\":{}}",
        "{\"schema\":{\"type\":\"struct\"},\"payload\":{}}", "{\"schema\":{\"type\":\"struct\",\"fields\":{}},\"payload\":{}}", "{\"schema\":{\"type\":\"struct\",\"fields\":[{\"type\":\"int32\"}]},\"payload\":{}}",
        "{\"schema\":{\"type\":\"struct\",\"fields\":[{\"type\":\"int32\",\"field\":\"a\"},{\"type\":\"int32\",\"field\":\"a\"}]},\"payload\":{}}", "{\"schema\":{\"type\":\"struct\",\"fields\":[5]},\"payload\":{}}",
        "{\"schema\":{\"type\":\"struct\",\"fields\":[]},\"payload\":{\"x\":1}}", "{\"schema\":{\"type\":\"struct\",\"fields\":[{\"type\":\"int32\",\"field\":\"\"}]},\"payload\":{}}",
        "{\"schema\":{\"type\":\"int32\",\"parameters\":{\"a\":1}},\"payload\":1}", "{\"schema\":{\"type\":\"int32\",\"parameters\":{\"a\":\"b\"},\"doc\":\"d\",\"name\":\"n\",\"version\":3},\"payload\":1}",
        "{\"schema\":{\"type\":\"int32\",\"parameters\":{},\"doc\":5,\"name\":6,\"version\":\"7\"},\"payload\":1}", "{\"schema\":{\"type\":\"int32\",\"version\":1.5,\"optional\":\"true\"},\"payload\":null}",
        "{\"schema\":{\"type\":\"int32\",\"version\":4294967297},\"payload\":1}", "{\"schema\":{\"type\":\"int32\",\"default\":null},\"payload\":1}", "{\"schema\":{\"type\":\"int32\",\"optional\":true,\"default\":null},\"payload\":null}",
        "{\"schema\":{\"type\":\"string\",\"default\":5},\"payload\":null}", "{\"schema\":{\"type\":\"int8\",\"default\":300},\"payload\":null}",
        "{\"schema\":{\"type\":\"struct\",\"fields\":[{\"type\":\"int32\",\"field\":\"a\",\"default\":1}],\"default\":{\"a\":5}},\"payload\":null}",
        "{\"schema\":{\"type\":\"struct\",\"fields\":[{\"type\":\"int32\",\"field\":\"a\",\"default\":1}]},\"payload\":{}}", "{\"schema\":null,\"payload\":{\"a\":1.0,\"b\":[1]}}", "{\"schema\":null,\"payload\":null}",
        "{\"schema\":{\"type\":\"int64\"},\"payload\":007}", "{\"schema\":{\"type\":\"string\"},\"payload\":\"\\u0041\"}", "{\"sch\\u0065ma\":{\"type\":\"int32\"},\"payload\":1}",
        "{\"schema\":{\"type\":\"int32\"},\"payload\":1,\"payload\":2}", "{\"schema\":{\"type\":\"int32\",\"type\":\"string\"},\"payload\":\"x\"}"};

    private JsonTexts() {
    }
}
