import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type DefinitionText, fetchDefinitions } from './fetch-definitions.ts';
import { cacheFolder, generate, genFolder, schemaFile } from './generate.ts';

test('the committed codecs are exactly what the generator makes', (t) => {
  const definitions = definitionsOrSkip(t);
  if (definitions === null) return;
  const staging = mkdtempSync(join(tmpdir(), 'sluice-protocol-test-'));
  t.after(() => rmSync(staging, { recursive: true, force: true }));
  const generated = generate(definitions, staging);
  assert.equal(generated.messages, 190);
  const names = readdirSync(generated.modules).toSorted();
  assert.deepEqual(readdirSync(genFolder).toSorted(), names);
  assert.equal(names.length, 192);
  for (const name of names) {
    const made = readFileSync(join(generated.modules, name), 'utf8');
    assert.equal(readFileSync(join(genFolder, name), 'utf8'), made, `${name} is out of date`);
  }
  assert.equal(readFileSync(schemaFile, 'utf8'), generated.schemaTable);
});

/**
 * Without Maven, and with nothing cached, there is nothing to compare with: said loudly, as for
 * servers.
 */
function definitionsOrSkip(t: TestContext): readonly DefinitionText[] | null {
  try {
    return fetchDefinitions(cacheFolder);
  } catch (error) {
    if (process.env['SLUICE_REQUIRE_SERVERS'] === '1') throw error;
    const reason = `needs the kafka-clients jar: ${String(error)}`;
    const report = process.env['SLUICE_SKIP_REPORT'];
    if (report !== undefined)
      appendFileSync(report, `${t.name}: ${reason.replaceAll('\n', ' ')}\n`);
    t.skip(reason);
    return null;
  }
}
