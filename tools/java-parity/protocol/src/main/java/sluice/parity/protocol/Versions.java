package sluice.parity.protocol;

import com.fasterxml.jackson.databind.JsonNode;

/** Kafka's notation for ranges of versions. */
final class Versions {
    private Versions() { }

    static short[] parse(String text) {
        String trimmed = text.trim();
        if (trimmed.equals("none")) return new short[] {1, 0};
        if (trimmed.endsWith("+")) {
            return new short[] {Short.parseShort(trimmed.substring(0, trimmed.length() - 1)), Short.MAX_VALUE};
        }
        String[] ends = trimmed.split("-");
        return new short[] {Short.parseShort(ends[0]), Short.parseShort(ends[ends.length - 1])};
    }

    /** Whether the range under {@code key} holds the version; a missing key is an empty range. */
    static boolean contain(JsonNode node, String key, short version) {
        if (!node.has(key)) return false;
        short[] range = parse(node.get(key).asText());
        return version >= range[0] && version <= range[1];
    }
}
