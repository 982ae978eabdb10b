package sluice.parity.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.text.SimpleDateFormat;
import java.util.Date;
import java.util.Random;
import java.util.TimeZone;

/** SimpleDateFormat in UTC: what it writes, what it reads. */
final class DateFormatRecorder {
    /** Two-digit years lie in the hundred years from here on: 1 June 1946. */
    private static final long CENTURY_START = -744508800000L;
    private static final long[] INSTANTS = {0, 1, -1, 999, 1700000000123L, 951782400000L, 951868799999L, -62135596800000L, -62135596800001L, -12219292800000L, -12219292800001L, -62167219200000L, 253402300799999L,
        253402300800000L, 1735603200000L, 1735689600000L, 1704067199999L, 1230768000000L, -86400000L, 4102444800000L, -99999999999999L, 8640000000000000L, 1719835200000L};
    private static final String[] PATTERNS = {"yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.SSS", "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", "yyyy-MM-dd'T'HH:mm:ss.SSSZ", "yyyy-MM-dd'T'HH:mm:ss.SSSX",
        "yyyy-MM-dd'T'HH:mm:ssXX", "yyyy-MM-dd'T'HH:mm:ssXXX", "yyyy-MM-dd HH:mm:ss z", "yyyy-MM-dd HH:mm:ss zzzz", "yyyyMMdd", "yyyyMMddHHmmss", "yyyyMMddHHmmssSSS", "yyMMdd", "yy-M-d", "y-M-d", "yyy", "yyyyy",
        "dd/MM/yyyy", "d/M/yy", "MM/dd/yyyy hh:mm:ss a", "M/d/yy h:mm a", "EEE, d MMM yyyy HH:mm:ss Z", "EEEE, MMMM d, yyyy", "EEE MMM dd HH:mm:ss zzz yyyy", "YYYY-'W'ww-u", "YYYY-ww", "yyyy-DDD", "yyyyDDD",
        "yyyy-MM-W-E", "yyyy-MM-F-EEE", "G yyyy", "GGGG y", "yyyy.MM.dd G 'at' HH:mm:ss z", "h:mm a", "hh 'o''clock' a, zzzz", "K:mm a, z", "kk:mm", "HH:mm", "H", "s.S", "s.SSS", "SSSSSS", "ss.SSSSSS", "''yyyy''", "'abc'", "",
        "LLLL yyyy", "LLL", "LL", "MMMMM", "E", "EEEEE", "u", "uu", "ww", "W", "D", "DDDD", "F", "a", "aa", "yyyy w", "w yyyy u", "yyyy E", "MMM d", "d MMM", "yyyy MM dd E w", "dd.MM.yyyy, HH:mm 'Uhr'", "yyyy-MM-dd'T'HH:mm:ss.SSSSSS",
        "yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS", "HHmmss", "HHmm", "Hmm", "mss", "yyyyMMdd'T'HHmmss'Z'", "yyyy\u5e74MM\u6708dd\u65e5", "yyyy-MM-dd HH:mm:ss,SSS", "dd-MMM-yyyy", "dd-MMM-yy", "Z", "X", "XX", "XXX", "z", "zzzz", "G"};
    private static final String[] WRONG_PATTERNS = {"b", "yyyy-mm-ddTHH", "'", "yyyy'", "XXXX", "yyyy-MM-dd'T'HH:mm:ss.n", "i", "hello", "YYYY-MM-DDThh:mm:ssZ", "e", "Q", "V", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSO", "'a''b", "R"};
    private static final String[] ZONES = {"UTC", "GMT", "PST", "EST", "EDT", "CET", "Z", "+0000", "-0800", "+05:30", "+5", "GMT+1", "GMT+01:00", "GMT-0330", "GMT+1:00", "gmt-12:34", "+14:00", "+2400", "+0060", "-00:30", "Pacific Standard Time",
        "pst", "Coordinated Universal Time", "Central European Standard Time", "XYZ", "+1", "+01", "+0130", "+01:3", "MST", "HST", "CST", "CDT"};

    private final Random random = new Random(77);

    void record(Path folder) throws IOException {
        try (Recording out = new Recording(folder, "date-format")) {
            for (String pattern : WRONG_PATTERNS) recordFormat(out, pattern, 0);
            for (String pattern : PATTERNS) {
                for (long instant : INSTANTS) recordFormat(out, pattern, instant);
                for (int i = 0; i < 25; i++) recordFormat(out, pattern, someInstant());
                for (int i = 0; i < 60; i++) recordParse(out, pattern, changed(format(pattern).format(new Date(i < INSTANTS.length ? INSTANTS[i] : someInstant()))));
            }
            for (String zone : ZONES) {
                for (String pattern : new String[] {"yyyy-MM-dd HH:mm z", "yyyy-MM-dd HH:mm Z", "yyyy-MM-dd HH:mm X", "yyyy-MM-dd HH:mm XX", "yyyy-MM-dd HH:mm XXX", "yyyy-MM-dd HH:mm zzzz"}) {
                    recordParse(out, pattern, "2024-01-15 10:20 " + zone);
                    recordParse(out, pattern, "2024-01-15 10:20 " + zone + " tail");
                }
            }
            for (int i = 0; i < 3000; i++) recordRandom(out);
        }
    }

    private long someInstant() {
        return switch (random.nextInt(3)) {
            case 0 -> (long) (random.nextDouble() * 4102444800000L);
            case 1 -> (long) ((random.nextDouble() - 0.5) * 2 * 62135596800000L);
            default -> (long) (random.nextDouble() * 86400000L);
        };
    }

    private static SimpleDateFormat format(String pattern) {
        SimpleDateFormat format = new SimpleDateFormat(pattern);
        format.setTimeZone(TimeZone.getTimeZone("UTC"));
        format.set2DigitYearStart(new Date(CENTURY_START));
        return format;
    }

    private void recordFormat(Recording out, String pattern, long instant) throws IOException {
        ObjectNode line = Recording.line("format").put("pattern", pattern).put("instant", Long.toString(instant));
        out.record(line, into -> into.put("text", format(pattern).format(new Date(instant))));
    }

    private void recordParse(Recording out, String pattern, String text) throws IOException {
        ObjectNode line = Recording.line("parse").put("pattern", pattern).put("text", text);
        out.record(line, into -> {
            try {
                into.put("instant", Long.toString(format(pattern).parse(text).getTime()));
            } catch (ParseException error) {
                into.put("unparsable", true);
            }
        });
    }

    /** A text as it is, or with a character changed, added or dropped. */
    private String changed(String text) {
        if (random.nextInt(3) != 0 || text.isEmpty()) return text;
        StringBuilder changed = new StringBuilder(text);
        String characters = "0123456789-:/ .TZaPM+";
        for (int i = 1 + random.nextInt(2); i > 0 && !changed.isEmpty(); i--) {
            int at = random.nextInt(changed.length());
            char character = characters.charAt(random.nextInt(characters.length()));
            switch (random.nextInt(3)) {
                case 0 -> changed.setCharAt(at, character);
                case 1 -> changed.insert(at, character);
                default -> changed.deleteCharAt(at);
            }
        }
        return changed.toString();
    }

    /** Fields in any order: which of them decide the day? */
    private void recordRandom(Recording out) throws IOException {
        String[] fields = {"yyyy", "yy", "MM", "M", "MMM", "dd", "d", "DDD", "D", "w", "ww", "W", "F", "E", "EEEE", "u", "Y", "YYYY", "H", "HH", "h", "K", "k", "a", "m", "mm", "s", "S", "SSS", "G"};
        String[] between = {" ", "-", "/", ":", ".", "'x'"};
        StringBuilder pattern = new StringBuilder();
        int size = 1 + random.nextInt(5);
        for (int i = 0; i < size; i++) {
            if (i > 0) pattern.append(between[random.nextInt(between.length)]);
            pattern.append(fields[random.nextInt(fields.length)]);
        }
        String text = format(pattern.toString()).format(new Date(someInstant()));
        recordParse(out, pattern.toString(), changed(text));
    }
}
