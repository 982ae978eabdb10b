import type { Row } from './row.ts';
import type { Section } from './rows.ts';
import type { TestEntry } from './test-record.ts';

/** How a row stands after a run. */
export type State = 'proven' | 'in part' | 'differs' | 'waits' | 'not proven';

/** A row with the tests that passed for it, by file. */
export interface Verdict {
  readonly row: Row;
  readonly state: State;
  readonly passedByFile: ReadonlyMap<string, number>;
  readonly failed: readonly string[];
}

const rowId = /\bR\d+\.\d\d[a-z]?\b/g;

/** The ids of rows that a text names. */
export function namedRows(text: string): ReadonlySet<string> {
  return new Set(text.match(rowId) ?? []);
}

const waitsFor: Readonly<Record<Row['scope'], string>> = {
  worker: '',
  distributed: 'waits for distributed mode',
  'exactly-once': 'waits for exactly-once',
  mirroring: 'waits for mirroring',
  other: 'waits for a later issue',
};

function stateOf(row: Row, passed: number, failed: number): State {
  if (failed > 0) return 'not proven';
  if (row.differs !== undefined) return 'differs';
  if (row.scope !== 'worker') return passed > 0 ? 'in part' : 'waits';
  if (passed === 0) return 'not proven';
  return row.remains === undefined ? 'proven' : 'in part';
}

/** What a run says of a row: only tests count that passed and asserted something. */
export function judge(row: Row, tests: readonly TestEntry[]): Verdict {
  const naming = tests.filter((test) => namedRows(test.title).has(row.id));
  const failed = naming.filter((test) => test.state === 'failed').map((test) => test.title);
  const passed = naming.filter((test) => test.state === 'passed' && test.assertions > 0);
  const passedByFile = new Map<string, number>();
  for (const { file } of passed) passedByFile.set(file, (passedByFile.get(file) ?? 0) + 1);
  return { row, state: stateOf(row, passed.length, failed.length), passedByFile, failed };
}

function stateText({ row, state, failed }: Verdict): string {
  if (failed.length > 0) return '**a test fails**';
  if (state === 'differs') return `differs: ${row.differs ?? ''}`;
  if (state === 'in part') return `in part: ${row.remains ?? waitsFor[row.scope]}`;
  return state === 'waits' ? waitsFor[row.scope] : state;
}

function testsText({ passedByFile }: Verdict): string {
  return [...passedByFile]
    .map(([file, count]) => (count === 1 ? `\`${file}\`` : `\`${file}\` (${count})`))
    .join('<br>');
}

const states: readonly State[] = ['proven', 'in part', 'differs', 'waits', 'not proven'];

function countRow(title: string, verdicts: readonly Verdict[]): string {
  const counts = states.map((state) => verdicts.filter((v) => v.state === state).length);
  return `| ${[title, verdicts.length, ...counts].join(' | ')} |`;
}

/** The whole document; the same for the same rows and tests, whenever and wherever it is made. */
export function conformanceDocument(
  intro: string,
  sections: readonly Section[],
  tests: readonly TestEntry[],
): string {
  const judged = sections.map(({ title, rows }) => ({
    title,
    verdicts: rows.map((row) => judge(row, tests)),
  }));
  const lines = [
    intro,
    '',
    `| Section | Rows | ${states.map((s) => `${s[0]?.toUpperCase()}${s.slice(1)}`).join(' | ')} |`,
    `|---|${'---:|'.repeat(states.length + 1)}`,
    ...judged.map(({ title, verdicts }) => countRow(title, verdicts)),
    countRow(
      'All',
      judged.flatMap(({ verdicts }) => verdicts),
    ),
  ];
  for (const { title, verdicts } of judged) {
    lines.push('', `## ${title}`, '', '| Row | What | Tests | State |', '|---|---|---|---|');
    for (const verdict of verdicts) {
      const { id, what } = verdict.row;
      lines.push(`| ${[id, what, testsText(verdict), stateText(verdict)].join(' | ')} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}
