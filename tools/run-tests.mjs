// `npm test`: the checks, then every test. Tests that start servers run one file at a time, so that two
// cores do not make them slow; the others run side by side, and so do the counterparts of Connect's own
// suites, which mostly wait. The last lines count what passed and say
// loudly what was skipped for want of a server. `--long` runs the seeded long tests instead.
// `npm test -- <text> …` runs only the test files whose path contains one of the texts.
// `--conformance` also notes which tests passed, for tools/conformance/write-document.ts.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const isLong = process.argv.includes('--long');
const isConformance = process.argv.includes('--conformance');
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const scratch = mkdtempSync(path.join(tmpdir(), 'sluice-test-run-'));
const skipReport = path.join(scratch, 'skipped.txt');
const skippedFolders = new Set(['node_modules', 'dist', 'golden', 'target', '.git', '.sluice']);
const testTimeoutMs = isLong ? 3_600_000 : 300_000;

function testFiles(folder = '.') {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : testFiles(file);
    return entry.name.endsWith('.test.ts') ? [file] : [];
  });
}

const needsServers = (file) => /\.(integration|e2e)\.test\.ts$/.test(file);
const isLongTest = (file) => file.endsWith('.long.test.ts');
/** The tests that `test/connect` has by the names of Java's. */
const CONNECT_SUITES = path.join('test', 'connect');
const isWanted = (file) => wanted.length === 0 || wanted.some((text) => file.includes(text));

const conformanceRecords = [];

/** Flags that count assertions and leave the record of a run; none unless it is asked for. */
function conformanceFlags(name) {
  if (!isConformance) return [];
  const record = path.join(scratch, `${name.replaceAll(' ', '-')}-tests.json`);
  conformanceRecords.push(record);
  return [
    '--import=./tools/test-run/count-assertions.mjs',
    '--test-reporter=./tools/test-run/conformance-reporter.mjs',
    `--test-reporter-destination=${record}`,
  ];
}

function runTests(name, files, concurrency) {
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0, failures: [] };
  console.log(`\n== ${name}: ${files.length} files`);
  const counts = path.join(scratch, `${name.replaceAll(' ', '-')}.json`);
  const { status } = spawnSync(
    process.execPath,
    [
      '--conditions=@sluice/source',
      '--test',
      `--test-concurrency=${concurrency}`,
      `--test-timeout=${testTimeoutMs}`,
      '--test-reporter=dot',
      '--test-reporter-destination=stdout',
      '--test-reporter=./tools/test-run/summary-reporter.mjs',
      `--test-reporter-destination=${counts}`,
      ...conformanceFlags(name),
      ...files,
    ],
    { stdio: 'inherit', env: { ...process.env, SLUICE_SKIP_REPORT: skipReport } },
  );
  const summary = existsSync(counts) ? JSON.parse(readFileSync(counts, 'utf8')) : null;
  if (summary === null)
    return { passed: 0, failed: 1, skipped: 0, failures: [`${name} did not end`] };
  if (status !== 0 && summary.failed === 0) summary.failed += 1;
  return summary;
}

const files = testFiles().filter(isWanted).sort();
const runs = [];
if (isLong) runs.push(runTests('long tests', files.filter(isLongTest), 1));
else {
  if (wanted.length === 0) {
    const { status } = spawnSync(process.execPath, ['tools/run-checks.mjs'], { stdio: 'inherit' });
    const isGood = status === 0;
    runs.push({
      passed: isGood ? 1 : 0,
      failed: isGood ? 0 : 1,
      skipped: 0,
      failures: isGood ? [] : ['checks'],
    });
  }
  const short = files.filter((file) => !isLongTest(file));
  runs.push(
    runTests(
      'unit tests',
      short.filter((file) => !needsServers(file)),
      2,
    ),
  );
  const withServers = short.filter(needsServers);
  const isSuite = (file) => file.startsWith(CONNECT_SUITES);
  runs.push(runTests("Connect's own suites", withServers.filter(isSuite), 2));
  runs.push(
    runTests(
      'tests with servers',
      withServers.filter((file) => !isSuite(file)),
      1,
    ),
  );
}

const sum = (key) => runs.reduce((total, run) => total + run[key], 0);
for (const failure of runs.flatMap((run) => run.failures)) console.log(`FAILED ${failure}`);
if (existsSync(skipReport)) {
  console.log(
    '\nSKIPPED FOR WANT OF A SERVER (install what is named, or run .ci/run, which does):',
  );
  console.log([...new Set(readFileSync(skipReport, 'utf8').trim().split('\n'))].join('\n'));
}
if (isConformance)
  spawnSync(process.execPath, ['tools/conformance/merge-record.ts', ...conformanceRecords], {
    stdio: 'inherit',
  });
rmSync(scratch, { recursive: true, force: true });
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exit(sum('failed') > 0 || sum('passed') === 0 ? 1 : 0);
