import { test } from 'node:test';
import type { RecordingLine } from '@sluice/api/java-recording';
import { checkRecording, type KnownDifference } from '../../test/check-recording.ts';
import { readRecording } from '../../test/recording.ts';
import { SimpleDateFormat } from './simple-date-format.ts';

const LINES = readRecording('date-format');
/** The recorder's two-digit years begin eighty years before. */
const NOW = new Date('2026-06-01T00:00:00Z');
const DATE_MILLIS_MAX = 8.64e15;

const KNOWN: readonly KnownDifference[] = [
  {
    why: 'instants after the year 275760 do not fit a JavaScript Date',
    matches: (line) => Math.abs(Number(line['instant'])) > DATE_MILLIS_MAX,
  },
  {
    why: 'weeks of October 1582, which has no 5th to 14th',
    matches: (line) => line['instant'] === '-12219292800000',
  },
];

function runCase(line: RecordingLine): string | null {
  const format = new SimpleDateFormat(String(line['pattern']), NOW);
  if (line['op'] === 'format') {
    const text = format.format(new Date(Number(line['instant'])));
    return text === line['text'] ? null : `wrote ${text}`;
  }
  const date = format.parse(String(line['text']));
  const wanted = line['unparsable'] === true ? null : line['instant'];
  const read = date === null ? null : String(date.getTime());
  return read === wanted ? null : `read ${read}`;
}

for (const op of ['format', 'parse']) {
  const lines = LINES.filter((line) => line['op'] === op);
  test(`dates are ${op === 'format' ? 'written' : 'read'} as SimpleDateFormat does`, (t) => {
    t.diagnostic(checkRecording(lines, runCase, KNOWN));
  });
}
