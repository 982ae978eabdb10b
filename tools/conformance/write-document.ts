// Writes docs/reference/conformance.md from the rows and from the record of the tests that ran
// (`npm test -- --conformance [path text]`). Run it from the repository's root.
import { existsSync, writeFileSync } from 'node:fs';
import { conformanceDocument, judge, namedRows } from './document.ts';
import { introduction } from './introduction.ts';
import { sections } from './rows.ts';
import { readRecord, recordFile } from './test-record.ts';

const target = 'docs/reference/conformance.md';
const tests = readRecord(recordFile).filter((test) => existsSync(test.file));
if (tests.length === 0) {
  console.error(`${recordFile} has no tests: run "npm test -- --conformance" first.`);
  process.exit(1);
}
writeFileSync(target, conformanceDocument(introduction, sections, tests));

const naming = tests.filter((test) => namedRows(test.title).size > 0);
for (const test of naming.filter(({ state }) => state !== 'passed'))
  console.log(`${test.state}: ${test.file}: ${test.title}`);
for (const test of naming.filter((each) => each.state === 'passed' && each.assertions === 0))
  console.log(`asserts nothing: ${test.file}: ${test.title}`);
const open = sections
  .flatMap(({ rows }) => rows.map((row) => judge(row, tests)))
  .filter(({ state }) => state === 'not proven');
console.log(`${target} written. Not proven: ${open.map(({ row }) => row.id).join(' ') || 'none'}`);
