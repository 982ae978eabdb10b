package sluice.parity.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** java.util.regex: what matches, what is replaced, what is refused. */
final class RegexRecorder {
    private static final String[] PATTERNS = {"", "a", "a*", "a+?b", "a*+a", "a++b", "(a|ab)(c|bcd)(d*)", "(?:a|b)+", "(?>a|ab)c", "(?i)abc", "a(?i)b|c", "(?i:a)b", "(?iu)\u00e4", "(?i)\u00e4", "a.c", "(?s)a.c", "^a", "a$", "(?m)^a$",
        "(?m)^b", "a\\b", "\\Bb", "\\d+", "\\D+", "\\s+", "\\S+", "\\w+", "\\W+", "\\h", "\\v", "\\R", "[abc]", "[^abc]", "[a-c]", "[a-c[x-z]]", "[a-z&&[^b-y]]", "[a-z&&b]", "[\\d.]", "[\\w&&[^\\d]]", "[]a]", "[a-]", "[-a]", "[a^]",
        "[\\]]", "[a\\-z]", "(?i)[a-c]", "(?i)[^a]", "\\p{Lower}+", "\\p{Upper}", "\\p{Alpha}+", "\\p{Digit}", "\\p{Alnum}+", "\\p{Punct}+", "\\p{L}+", "\\p{Lu}", "\\p{IsLatin}+", "\\p{IsAlphabetic}+", "\\P{L}", "\\pL+", "\\p{javaLowerCase}+",
        "\\p{ASCII}+", "\\p{Space}", "\\p{XDigit}+", "[\\p{L}&&[^a]]+", "(a)(b)?(c)", "(?<x>a)(?<y>b)", "(a)\\1", "(a)(b)\\2\\1", "(?<n>a)\\k<n>", "(a)\\11", "\\Qa.b\\E", "\\Qa.b", "\\Qab\\E+", "a{2}", "a{2,}", "a{1,2}?b", "a{2,3}+", "(?=a)a",
        "(?!a)b", "(?<=a)b", "(?<!a)b", "a\\.b", "\\x61", "\\u0061", "\\x{61}", "\\0141", "\\ta", "\\cA", "\\e", "\\A a", "a\\z", "a\\Z", "(?x) a b # c", "(?x)a\\ b", "(?d)a$", "db\\.(.*)\\.(.*)", "([^.]+)\\.([^.]+)\\.([^.]+)", "(.*)-(.*)",
        "(?<topic>.*)", "orders-(\\d{4})-(\\d{2})", "^(.+)_v(\\d+)$", ".*(?:foo|bar).*", "(?!.*internal).*", "([a-z]+)+", "x*", "|a", "a|", "()", "a||b", "(?:)", "[.]", "[*+?]", "\\\\", "\\$", "}", "]", "a}", "a]", "\ud83d\ude00+", ".", "(?U)\\w+",
        "\\p{IsDigit}", "\\p{sc=Latin}", "\\p{gc=Lu}", "\\p{L1}+", "((a)|b)*?", "(?:(a)(b))+", "a(?#c)b", "(?-i)a", "(?i)a(?-i)b", "^$", "$^", "a{0}", "(a{2}){2}"};
    private static final String[] WRONG = {"(", ")", "a)", "(a", "[", "[a", "[]", "[^", "*", "+a", "?", "a**", "a{", "a{1", "a{2,1}", "a{,2}", "{", "{1}", "${topic}", "\\", "\\y", "\\p", "\\p{", "\\p{Foo}", "\\p{IsFoo}", "\\pX", "(?", "(?q)", "(?<", "(?<1>a)",
        "(?<a", "(?<a>x)(?<a>y)", "\\k<a>", "[z-a]", "\\x6", "\\u006", "\\c", "\\08", "(?<=a", "a(?i", "[a-\\d]", "(?<a_b>x)", "\\xg", "\\p{InNope}", "(?'a'x)", "a{99999999999}"};
    private static final String[] TEXTS = {"", "a", "b", "ab", "abc", "abcd", "aab", "aaa", "aaaa", "ABC", "aC", "AB", "a\nb", "a\r\nb", "b\na\nb", "a\n", "a\r\n", "1", "12a", " a b", "\t", "\u00e4", "\u00c4", "x.y", "a.b", "a-b_c", "db.shop.orders", "orders-2024-05",
        "a.bb", "topic_v12", "internal.x", "foo", "]", "}", "\\", "$", "a b", "\ud83d\ude00\ud83d\ude00", "Z9", "\u2028", "abab", "aa1", "\u0085", "\u0001", "^", "-", "_", "abccbd", "b1"};
    private static final String[] REPLACEMENTS = {"x", "$0", "$1", "$2$1", "[$0]", "${x}", "${n}", "\\$1", "$10", "", "a\\\\b", "$", "${", "\\", "$a", "${1}", "${topic}"};

    private final Random random = new Random(88);

    void record(Path folder) throws IOException {
        try (Recording out = new Recording(folder, "regex")) {
            for (String pattern : WRONG) recordCompile(out, pattern);
            for (String pattern : PATTERNS) recordTexts(out, pattern);
            for (int i = 0; i < 1500; i++) recordSome(out, alternatives(2));
        }
    }

    private void recordCompile(Recording out, String pattern) throws IOException {
        out.record(Recording.line("compile").put("pattern", pattern), into -> Pattern.compile(pattern));
    }

    private void recordTexts(Recording out, String pattern) throws IOException {
        for (String text : TEXTS) recordMatch(out, pattern, text);
        for (String replacement : REPLACEMENTS) {
            for (int i = 0; i < 3; i++) recordReplace(out, pattern, TEXTS[random.nextInt(TEXTS.length)], replacement);
        }
    }

    private void recordSome(Recording out, String pattern) throws IOException {
        for (int i = 0; i < 3; i++) recordMatch(out, pattern, TEXTS[random.nextInt(TEXTS.length)]);
        recordReplace(out, pattern, TEXTS[random.nextInt(TEXTS.length)], REPLACEMENTS[random.nextInt(REPLACEMENTS.length)]);
    }

    private void recordMatch(Recording out, String pattern, String text) throws IOException {
        ObjectNode line = Recording.line("match").put("pattern", pattern).put("text", text);
        out.record(line, into -> {
            Matcher matcher = Pattern.compile(pattern).matcher(text);
            into.put("matches", matcher.matches());
            matcher.reset();
            if (!matcher.find()) return;
            into.put("start", matcher.start());
            ArrayNode groups = into.putArray("groups");
            for (int i = 0; i <= matcher.groupCount(); i++) groups.add(matcher.group(i));
        });
    }

    private void recordReplace(Recording out, String pattern, String text, String replacement) throws IOException {
        ObjectNode line = Recording.line("replace").put("pattern", pattern).put("text", text).put("replacement", replacement);
        out.record(line, into -> {
            Matcher matcher = Pattern.compile(pattern).matcher(text);
            into.put("first", matcher.replaceFirst(replacement));
            into.put("all", matcher.replaceAll(replacement));
        });
    }

    private String alternatives(int depth) {
        StringBuilder pattern = new StringBuilder(sequence(depth));
        for (int i = random.nextInt(3); i > 0; i--) pattern.append('|').append(sequence(depth));
        return pattern.toString();
    }

    private String sequence(int depth) {
        StringBuilder pattern = new StringBuilder();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            pattern.append(atom(depth));
            if (random.nextInt(3) == 0) pattern.append(new String[] {"*", "+", "?", "{1,2}", "*?", "+?", "??", "*+", "++", "?+", "{2}"}[random.nextInt(11)]);
        }
        return pattern.toString();
    }

    private String atom(int depth) {
        return switch (random.nextInt(depth > 0 ? 12 : 7)) {
            case 0, 1, 2 -> String.valueOf("abcd1".charAt(random.nextInt(5)));
            case 3 -> ".";
            case 4 -> new String[] {"[a-c]", "[^a]", "\\w", "\\d", "\\W", "[b-d&&[^c]]"}[random.nextInt(6)];
            case 5 -> "\\.";
            case 6 -> "-";
            case 7, 8 -> "(" + alternatives(depth - 1) + ")";
            case 9 -> "(?:" + alternatives(depth - 1) + ")";
            case 10 -> "(?>" + alternatives(depth - 1) + ")";
            default -> "(?i:" + alternatives(depth - 1) + ")";
        };
    }
}
