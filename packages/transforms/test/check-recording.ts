import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { RecordingLine } from '@sluice/api/java-recording';
import { errorText, isDeliberate, wantedError } from './recording.ts';

/** Where we differ from Java on purpose: which cases, and why (`docs/DIFFERENCES.md`). */
export interface KnownDifference {
  readonly why: string;
  matches(line: RecordingLine, wanted: string | null, made: string | null): boolean;
}

/** How many failures a message shows. */
const SHOWN = 5;

/**
 * Runs every case and compares with what Java did.
 *
 * @param run answers what differs, or `null`; may throw what Java threw
 * @returns how many cases there were, and how many known differences of each kind, as a line
 */
export function checkRecording(
  lines: readonly RecordingLine[],
  run: (line: RecordingLine) => string | null,
  known: readonly KnownDifference[] = [],
): string {
  const failures: string[] = [];
  const counts = new Map<string, number>();
  for (const line of lines) {
    const problem = problemOf(line, run);
    if (problem === null) continue;
    const difference = known.find((each) => each.matches(line, wantedError(line), problem.made));
    if (difference === undefined) failures.push(`${problem.text}\n${shown(line)}`);
    else counts.set(difference.why, (counts.get(difference.why) ?? 0) + 1);
  }
  assert.ok(lines.length > 0, 'no such cases in the recording');
  const shownFailures = failures.slice(0, SHOWN).join('\n');
  const message = `${failures.length} of ${lines.length} differ:\n${shownFailures}`;
  assert.equal(failures.length, 0, message);
  const notes = Array.from(counts, ([why, count]) => `; ${count}: ${why}`);
  return `${lines.length} cases${notes.join('')}`;
}

interface Problem {
  readonly text: string;
  /** The error made, `null` when there was none. */
  readonly made: string | null;
}

function problemOf(
  line: RecordingLine,
  run: (line: RecordingLine) => string | null,
): Problem | null {
  const wanted = wantedError(line);
  try {
    const difference = run(line);
    if (wanted !== null) return { text: `no error, but Java: ${wanted}`, made: null };
    return difference === null ? null : { text: difference, made: null };
  } catch (error) {
    const made = errorText(error);
    if (made === wanted) return null;
    const stack = isDeliberate(error) ? '' : `\n${inspect(error)}`;
    return { text: `error ${made}${stack}\n  Java: ${wanted ?? 'no error'}`, made };
  }
}

function shown(line: RecordingLine): string {
  const text = JSON.stringify(line);
  return `  ${text.length > 1500 ? `${text.slice(0, 1500)}...` : text}`;
}
