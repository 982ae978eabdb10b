// Goal: documents do not name files that are gone. Method: every path of a source file between
// backticks must be the end of a tracked file's path; `*` stands for anything but a slash.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 1 << 26,
}).split('\n');

function isThere(named: string): boolean {
  const pattern = named.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
  const ending = new RegExp(`(^|/)${pattern}$`);
  return tracked.some((file) => ending.test(file));
}

test('every source file that a document names is there', () => {
  const documents = tracked.filter((file) => /^(docs\/.*|[^/]+|bench\/[^/]+)\.md$/.test(file));
  const missing: string[] = [];
  let named = 0;
  for (const document of documents) {
    const text = readFileSync(path.join(root, document), 'utf8');
    for (const [, file = ''] of text.matchAll(/`([\w./*-]+\.(?:ts|mjs|md|json))`/g)) {
      if (file.startsWith('*.') || /^x\.|connect\.json$/.test(file)) continue;
      named += 1;
      if (!isThere(file)) missing.push(`${document}: ${file}`);
    }
  }
  assert.ok(named > 50, `only ${named} files named in ${documents.length} documents`);
  assert.deepEqual(missing, []);
});
