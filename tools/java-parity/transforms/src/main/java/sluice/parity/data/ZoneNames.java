package sluice.parity.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DateFormatSymbols;
import java.text.ParsePosition;
import java.text.SimpleDateFormat;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the table of the time zone names that SimpleDateFormat reads. Names that an older JDK
 * knew and this one does not stay at its end: run it with the oldest JDK first.
 */
public final class ZoneNames {
    private static final Pattern ROW = Pattern.compile("  \\['(.*)', (-?\\d+)\\],");

    private ZoneNames() {
    }

    public static void main(String[] args) throws Exception {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        Locale.setDefault(Locale.ENGLISH);
        Path file = Path.of(args[0]);
        Map<String, Long> offsets = new LinkedHashMap<>();
        for (String name : names()) {
            String key = name.toLowerCase(Locale.ROOT);
            Long offset = offsets.containsKey(key) ? null : offset(name);
            if (offset != null) offsets.put(key, offset);
        }
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                Matcher row = ROW.matcher(line);
                if (row.matches()) offsets.putIfAbsent(row.group(1).replace("\\'", "'"), Long.valueOf(row.group(2)));
            }
        }
        Files.writeString(file, source(offsets), StandardCharsets.UTF_8);
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(List.of("Coordinated Universal Time", "UTC"));
        for (String[] zone : DateFormatSymbols.getInstance().getZoneStrings()) {
            for (int i = 1; i <= 4; i++) if (zone[i] != null && !zone[i].isEmpty()) names.add(zone[i]);
        }
        return names;
    }

    /** Minutes east of UTC in January 2020, or null when the name is not read. */
    private static Long offset(String name) throws Exception {
        SimpleDateFormat plain = new SimpleDateFormat("yyyy-MM-dd HH:mm");
        plain.setTimeZone(TimeZone.getTimeZone("UTC"));
        SimpleDateFormat zoned = new SimpleDateFormat("yyyy-MM-dd HH:mm z");
        zoned.setTimeZone(TimeZone.getTimeZone("UTC"));
        Date date = zoned.parse("2020-01-15 12:00 " + name, new ParsePosition(0));
        return date == null ? null : (plain.parse("2020-01-15 12:00").getTime() - date.getTime()) / 60000;
    }

    private static String source(Map<String, Long> offsets) {
        StringBuilder source = new StringBuilder("""
            // Written by tools/java-parity/transforms (ZoneNames.java). Do not edit.

            /** Time zone names in lower case, in the order in which Java tries them, and minutes east of UTC. */
            export const ZONE_NAMES: readonly (readonly [string, number])[] = [
            """);
        offsets.forEach((name, offset) -> source.append("  ['").append(name.replace("'", "\\'")).append("', ").append(offset).append("],\n"));
        return source.append("];\n").toString();
    }
}
