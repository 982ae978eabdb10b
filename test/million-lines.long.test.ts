import { brokersUnderTest, requireServer, startKafka } from '@sluice/testing';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { aFilePipeline } from './support/file-pipeline.ts';
import { judge } from './support/kill-judge.ts';
import { runWithKills } from './support/kill-scenario.ts';
import { appendNumberedLines, lastNumberIn } from './support/numbered-lines.ts';

const LINES = 1_000_000;
const WAIT_MS = 300_000;

for (const broker of brokersUnderTest()) {
  const title = `${LINES} lines arrive equal, byte for byte and in order, through ${broker.title}`;
  test(title, async (t) => {
    const reason = await broker.skipReason(title);
    if (reason !== false) {
      t.skip(reason);
      return;
    }
    await using running = await broker.start();
    await using pipeline = await aFilePipeline({ bootstrapServers: running.bootstrapServers });
    await appendNumberedLines(pipeline.inFile, 0, LINES);
    const startedMs = performance.now();
    await using sluice = await pipeline.start();
    await sluice.waitUntil(
      'the last line',
      async () => (await lastNumberIn(pipeline.outFile)) === LINES - 1,
      WAIT_MS,
    );
    t.diagnostic(`${Math.round(performance.now() - startedMs)} ms from start to last line`);
    await sluice.stop();
    const [sent, arrived] = await Promise.all([
      readFile(pipeline.inFile),
      readFile(pipeline.outFile),
    ]);
    assert.ok(sent.equals(arrived), `${sent.length} bytes were sent, ${arrived.length} arrived`);
  });
}

test(`${LINES} lines survive five kills`, async (t) => {
  if (!(await requireServer(t, 'kafka'))) return;
  await using kafka = await startKafka({ properties: { 'group.min.session.timeout.ms': '1000' } });
  const report = await runWithKills({
    kafka,
    lines: LINES,
    progress: [0.05, 0.25, 0.5, 0.75, 0.95],
  });
  const verdict = judge(report, LINES);
  t.diagnostic(`${report.kills.length} kills: ${JSON.stringify(verdict)}`);
  assert.equal(verdict.lost, 0);
});
