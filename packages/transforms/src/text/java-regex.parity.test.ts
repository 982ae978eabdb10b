import { test } from 'node:test';
import type { RecordingLine } from '@sluice/api/java-recording';
import { checkRecording, type KnownDifference } from '../../test/check-recording.ts';
import { readRecording } from '../../test/recording.ts';
import { JavaRegex, JavaRegexError } from '@sluice/api/java-regex';

const LINES = readRecording('regex');
/** What a capturing group inside of something repeated looks like. */
const REPEATED_GROUP = /[(].*[)]([*+?}]|\{)/s;

const KNOWN: readonly KnownDifference[] = [
  {
    why: 'Java’s IndexOutOfBoundsException is reported as an IllegalArgumentException',
    matches: (_line, wanted, made) =>
      wanted?.replace('IndexOutOfBounds', 'IllegalArgument') === made,
  },
  {
    why: 'half a surrogate pair is never replaced by itself',
    matches: (line) => line['op'] === 'replace' && String(line['text']).includes('\u{1f600}'),
  },
  {
    why: 'patterns that Java accepts by accident or words that tell less: {1}, \\p, \\p{InNope}',
    matches: ({ pattern }) =>
      ['{1}', '\\p', '\\p{InNope}', 'a{99999999999}'].includes(String(pattern)),
  },
  {
    why: 'a group in a repeated group forgets its text, and empty repetitions end otherwise',
    matches: (line) => line['op'] !== 'compile' && REPEATED_GROUP.test(String(line['pattern'])),
  },
];

function runCase(line: RecordingLine): string | null {
  const regex = compile(String(line['pattern']));
  if (line['op'] === 'compile') return null;
  const text = String(line['text']);
  const found = regex.find(text);
  if (line['op'] === 'replace') {
    if (found === null) return line['first'] === text ? null : 'not found';
    const replacement = regex.replacement(String(line['replacement']));
    const made = [regex.replaceFirst(text, replacement), regex.replaceAll(text, replacement)];
    return made[0] === line['first'] && made[1] === line['all'] ? null : JSON.stringify(made);
  }
  if (regex.matches(text) !== line['matches']) return `matches: ${regex.matches(text)}`;
  if (found?.index !== line['start']) return `found at ${found?.index}`;
  const wanted: readonly unknown[] = Array.isArray(line['groups']) ? line['groups'] : [];
  const groups = wanted.map((_, number) => found?.group(number) ?? null);
  return groups.every((group, number) => group === wanted[number]) ? null : JSON.stringify(groups);
}

/** Java's class name in front, as recordings have it. */
function compile(pattern: string): JavaRegex {
  try {
    return new JavaRegex(pattern);
  } catch (error) {
    if (!(error instanceof JavaRegexError)) throw error;
    throw new PatternSyntaxError(error.message);
  }
}

class PatternSyntaxError extends Error {}

for (const [op, title] of [
  ['compile', 'patterns are refused with java.util.regex’s words'],
  ['match', 'patterns match what java.util.regex matches, group by group'],
  ['replace', 'replacements are those of java.util.regex'],
] as const) {
  const lines = LINES.filter((line) => line['op'] === op).map(withPlainClass);
  test(title, (t) => {
    t.diagnostic(checkRecording(lines, runCase, KNOWN));
  });
}

/** What has no class of its own here is a RuntimeException. */
function withPlainClass(line: RecordingLine): RecordingLine {
  const error = new Map(Object.entries(Object(line['error'])));
  if (error.get('class') !== 'java.util.regex.PatternSyntaxException') return line;
  const message = error.get('message');
  return { ...line, error: { class: 'java.lang.RuntimeException', message } };
}
