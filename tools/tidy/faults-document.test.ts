// Goal: docs/reference/faults.md tells the truth about which test proves which fault. Method: a row for each of F1 to F48; every
// title in quotes stands in the file named before it; every test that carries a fault's id stands in that fault's row.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const FAULTS = 48;
const STATES = ['proven', 'in part', 'waits'];

/** A row of the table, with what it cites: file and title. */
interface FaultRow {
  readonly id: string;
  readonly state: string;
  readonly proof: string;
  readonly cited: readonly (readonly [file: string, title: string])[];
}

const rows: readonly FaultRow[] = readFileSync(path.join(root, 'docs/reference/faults.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| F\d+ \|/.test(line))
  .map((line) => {
    const [, id = '', , state = '', proof = ''] = line.split('|').map((cell) => cell.trim());
    let file = '';
    const cited: (readonly [string, string])[] = [];
    for (const [, named, title] of proof.matchAll(/`([\w./-]+\.ts)`|“([^”]+)”/g)) {
      if (named !== undefined) file = named;
      else cited.push([file, title ?? '']);
    }
    return { id, state, proof, cited };
  });

function testFiles(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && !/(^|\/)(node_modules|dist)\//.test(file))
    .map((file) => path.join(folder, file));
}

test('there is a row for each fault, in order, with a state and a reason or a proof', () => {
  assert.deepEqual(
    rows.map(({ id }) => id),
    Array.from({ length: FAULTS }, (_, i) => `F${i + 1}`),
  );
  for (const { id, state, proof, cited } of rows) {
    assert.ok(STATES.includes(state), `${id} is ${state}`);
    assert.ok(state === 'waits' ? /\bfor |Invariant/.test(proof) : cited.length > 0, id);
  }
});

test('every title that is cited stands in the file that is named', () => {
  const missing: string[] = [];
  for (const { id, cited } of rows) {
    for (const [file, title] of cited) {
      const code = readFileSync(path.join(root, file), 'utf8').replaceAll("\\'", "'");
      if (!code.includes(title)) missing.push(`${id}: ${file}: ${title}`);
    }
  }
  assert.deepEqual(missing, []);
});

test("every test that carries a fault's id is cited in that fault's row", () => {
  const uncited: string[] = [];
  let found = 0;
  for (const file of ['packages', 'connectors', 'test'].flatMap(testFiles)) {
    const code = readFileSync(path.join(root, file), 'utf8');
    for (const [, ids = ''] of code.matchAll(/\b(?:test|it|describe)\(\s*['"`]((?:F\d+ )+)/g)) {
      for (const id of ids.trim().split(' ')) {
        found += 1;
        const row = rows.find((each) => each.id === id);
        if (!row?.cited.some(([cited]) => cited === file)) uncited.push(`${id}: ${file}`);
      }
    }
  }
  assert.ok(found > 20, `only ${found} tests carry the id of a fault`);
  assert.deepEqual(uncited, []);
});
