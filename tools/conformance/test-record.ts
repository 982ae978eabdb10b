// The record of what tests did, kept beside the sources and out of git: each run of
// `npm test -- --conformance` replaces the entries of the files it ran.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** One test of a run; `title` holds the titles of its describes too. */
export interface TestEntry {
  readonly file: string;
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly assertions: number;
}

export const recordFile = '.sluice/conformance/tests.json';

function decodeEntry(value: unknown): TestEntry {
  if (typeof value !== 'object' || value === null) throw new Error('a test is not an object');
  const { file, title, state, assertions } = Object.fromEntries(Object.entries(value));
  if (
    typeof file !== 'string' ||
    typeof title !== 'string' ||
    typeof assertions !== 'number' ||
    (state !== 'passed' && state !== 'failed' && state !== 'skipped')
  )
    throw new Error(`a test is not as the reporter writes it: ${JSON.stringify(value)}`);
  return { file, title, state, assertions };
}

/** The tests in a file that the reporter wrote; none when there is no such file. */
export function readRecord(file: string): readonly TestEntry[] {
  if (!existsSync(file)) return [];
  const tests: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(tests)) throw new Error(`${file} is not a list of tests: remove it`);
  return tests.map(decodeEntry);
}

/** The older entries of files that the newer run left out and that still exist, then the newer. */
export function mergeRecords(
  older: readonly TestEntry[],
  newer: readonly TestEntry[],
  exists: (file: string) => boolean,
): readonly TestEntry[] {
  const ran = new Set(newer.map((entry) => entry.file));
  const kept = older.filter((entry) => !ran.has(entry.file) && exists(entry.file));
  return [...kept, ...newer].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}

export function writeRecord(file: string, tests: readonly TestEntry[]): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(tests, null, 1)}\n`);
}
