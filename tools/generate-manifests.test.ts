import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { PLUGIN_PACKAGES, manifestPath, manifestText } from './generate-manifests.ts';

for (const [packageName, folder] of PLUGIN_PACKAGES)
  test(`${folder}/connect.json says what the code of ${packageName} says`, async () => {
    const written: unknown = JSON.parse(await readFile(manifestPath(folder), 'utf8'));
    const expected: unknown = JSON.parse(await manifestText(packageName));
    const advice = 'run: node --conditions=@sluice/source tools/generate-manifests.ts';
    assert.deepEqual(written, expected, advice);
  });
