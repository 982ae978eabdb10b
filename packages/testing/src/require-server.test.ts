import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { OwnedProcess } from './owned-process.ts';
import { makeTempDir } from './temp-dir.ts';

/** Runs a test file that needs Kafka on a machine without Java, Maven and jars. */
async function runWithoutJava(
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly output: string; readonly report: string }> {
  await using dir = await makeTempDir('no-java');
  const report = dir.join('skips.txt');
  const module = new URL('./require-server.ts', import.meta.url).href;
  await using run = await OwnedProcess.start({
    what: 'a test run without Java',
    command: process.execPath,
    args: [
      '--conditions=@sluice/source',
      '--input-type=module',
      '-e',
      `import { test } from 'node:test';
       import { requireServer } from ${JSON.stringify(module)};
       test('needs a broker', async (t) => {
         if (!(await requireServer(t, 'kafka'))) return;
         throw new Error('must not come here');
       });`,
    ],
    env: {
      PATH: dir.path,
      JAVA_HOME: dir.path,
      SLUICE_TEST_CACHE: dir.join('cache'),
      SLUICE_SKIP_REPORT: report,
      SLUICE_REQUIRE_SERVERS: undefined,
      NODE_TEST_CONTEXT: undefined,
      ...env,
    },
  });
  const { code } = await run.exited;
  const text = await readFile(report, 'utf8').catch(() => '');
  return { code, output: run.output, report: text };
}

describe('requireServer', () => {
  it('skips with the reason, on standard error and in the report', async () => {
    const { code, output, report } = await runWithoutJava({});
    assert.equal(code, 0, output);
    assert.match(output, /SKIPPED: needs a broker: needs Apache Kafka 4\.3\.1, but no Java/);
    assert.match(report, /^needs a broker: needs Apache Kafka 4\.3\.1, but no Java was found/);
    assert.match(output, /skipped 1/);
  });

  it('fails in place of skipping under SLUICE_REQUIRE_SERVERS=1', async () => {
    const { code, output, report } = await runWithoutJava({ SLUICE_REQUIRE_SERVERS: '1' });
    assert.equal(code, 1);
    assert.match(output, /SLUICE_REQUIRE_SERVERS=1, and the test "needs a broker" needs Apache/);
    assert.equal(report, '');
  });
});
