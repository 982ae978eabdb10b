// Goal: docs/reference/conformance.md does not rot. Method: its rows must be those of
// tools/conformance, tests may name only these, and each file that it cites must still name the row.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { namedRows } from '../conformance/document.ts';
import { sections } from '../conformance/rows.ts';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const ids = sections.flatMap(({ rows }) => rows.map(({ id }) => id));
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** The rows that a test file names, or a table of cases in a folder `test` that it imports. */
function rowsOfFile(file: string): ReadonlySet<string> {
  const text = read(file);
  const tables = [...text.matchAll(/ from '(\.\.?\/[^']+\.ts)'/g)]
    .map(([, imported = '']) => path.join(path.dirname(file), imported))
    .filter((imported) => imported.split(path.sep).includes('test'))
    .filter((imported) => existsSync(path.join(root, imported)));
  return namedRows([text, ...tables.map(read)].join('\n'));
}

/** The tables of the document: the cells of each line that begins with a row's id. */
function documentRows(): readonly (readonly string[])[] {
  return read('docs/reference/conformance.md')
    .split('\n')
    .filter((line) => /^\| R\d+\.\d/.test(line))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
}

test('each row is listed once, and the document has exactly these rows', () => {
  assert.ok(ids.length > 300, `only ${ids.length} rows`);
  assert.equal(new Set(ids).size, ids.length);
  const written = documentRows().map(([id = '', what = '']) => `${id} ${what}`);
  const wanted = sections.flatMap(({ rows }) => rows.map(({ id, what }) => `${id} ${what}`));
  assert.deepEqual(written, wanted, 'run node tools/conformance/write-document.ts');
});

test('a file that the document cites for a row still names that row', () => {
  const stale: string[] = [];
  let cited = 0;
  for (const [id = '', , tests = ''] of documentRows())
    for (const [, file = ''] of tests.matchAll(/`([^`]+)`/g)) {
      cited += 1;
      const isThere = existsSync(path.join(root, file));
      if (!isThere || !rowsOfFile(file).has(id)) stale.push(`${id}: ${file}`);
    }
  assert.ok(cited > 100, `only ${cited} citations`);
  assert.deepEqual(stale, [], 'run npm test -- --conformance, then write-document.ts');
});

test('every row that a test names is one that there is', () => {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.test.ts'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const known = new Set(ids);
  const files = listed.split('\n').filter((file) => existsSync(path.join(root, file)));
  const unknown = files
    .filter((file) => file !== '' && !file.startsWith('tools/conformance/'))
    .flatMap((file) => [...namedRows(read(file))].map((id) => ({ file, id })))
    .filter(({ id }) => !known.has(id));
  assert.deepEqual(unknown, []);
});
