// Goal: the house style that no linter checks. Method: every tracked or new file is read once and
// handed to the rules; the rules themselves are tried on planted faults first.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkFileName, checkLockFile, checkSource, checkText } from './source-rules.ts';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

function projectFiles(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  // Git also lists what was deleted and not committed yet.
  return listed.split('\0').filter((file) => file !== '' && existsSync(path.join(root, file)));
}

const isExempt = (file: string): boolean => /(^|\/)(gen|golden|node_modules|dist)\//.test(file);
const isText = (file: string): boolean =>
  /\.(ts|mjs|cjs|js|json|jsonc|md|yaml|yml|java|xml|properties|sh)$/.test(file) ||
  file.startsWith('.ci/');

test('each rule catches the fault it is for', () => {
  const lines = (count: number): string => 'f();\n'.repeat(count);
  const messages = (source: string, file = 'a.ts'): string =>
    checkSource(file, source)
      .map((finding) => finding.message)
      .join();
  assert.match(messages(lines(401)), /401 lines/);
  assert.equal(messages(lines(400)), '');
  assert.equal(messages(lines(401), 'a.test.ts'), '');
  assert.match(messages(`function f() {\n${lines(70)}}`), /a function of 72 lines/);
  assert.match(messages('let a: any;'), /`any`/);
  assert.match(messages('f(a!);'), /non-null/);
  assert.match(messages(['f(); // TO', 'DO later'].join('')), /unfinished/);
  assert.match(messages('test.only("x", f);', 'a.test.ts'), /`only`/);
  assert.match(messages('test("x", { only: true }, f);', 'a.test.ts'), /`only`/);
  assert.equal(checkText(['see ', 'home', 'me'].join('/')).length, 1);
  assert.equal(checkText('a route /connectors/home/x').length, 0);
  assert.equal(checkLockFile('"resolved": "https://host/x.tgz"').length, 1);
  assert.equal(checkLockFile('"resolved": "packages/api"').length, 0);
  assert.equal(checkFileName('packages/a/src/utils.ts').length, 1);
});

test('every file of the project is tidy', () => {
  const files = projectFiles().filter((file) => !isExempt(file));
  const sources = files.filter((file) => file.endsWith('.ts'));
  assert.ok(sources.length > 100, `only ${sources.length} sources seen: is this a checkout?`);
  const complaints: string[] = [];
  for (const file of files.filter(isText)) {
    const text = readFileSync(path.join(root, file), 'utf8');
    const findings = [
      ...checkText(text),
      ...checkFileName(file),
      ...(file.endsWith('.ts') ? checkSource(file, text) : []),
      ...(file.endsWith('package-lock.json') ? checkLockFile(text) : []),
    ];
    complaints.push(...findings.map((found) => `${file}:${found.line}: ${found.message}`));
  }
  assert.equal(complaints.join('\n'), '', `${complaints.length} complaints`);
});
