import { OwnedProcess, makeTempDir, waitUntil, type TempDir } from '@sluice/testing';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RunningDatabase } from './databases-under-test.ts';
import { rowsOf } from './sink-run.ts';

const ENDLESS = 1_000_000_000;
const LIVES_MS_MAX = 150;
/** So many kills can't all have come right after a commit of the group. */
const KILLS_THAT_TELL = 10;
/** How many records the last, undisturbed run writes. */
const LAST_RECORDS = 300;

/** Kills a writing process so many times and counts: every record must be there, once. */
export async function checkExactlyOnce(
  database: RunningDatabase,
  kills: number,
  seed: number,
): Promise<void> {
  await using dir = await makeTempDir('exactly-once');
  const table = `once_${seed}`;
  const props = {
    ...database.props,
    name: `once-${seed}`,
    'auto.create': 'true',
    'table.name.format': table,
    'sluice.exactly.once': 'true',
  };
  const config = JSON.stringify(props);
  let state = seed;
  let livesAhead = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    await using writer = await startWriter(config, dir, ENDLESS, state);
    await waitUntil('the writer to write', () => writer.stdout.includes('writing'), {
      timeoutMs: 60_000,
      intervalMs: 2,
      onTimeout: () => writer.outputTail(),
    });
    await sleep(((state >>> 8) % (LIVES_MS_MAX * 8)) / 8);
    assert.ok(writer.isRunning, writer.outputTail());
    await writer.kill();
    if (writer.stdout.includes('ahead')) livesAhead += 1;
  }
  await using connection = await database.connect();
  const [reached] = await rowsOf(
    connection,
    `SELECT next_offset FROM sluice_sink_offsets WHERE connector = 'once-${seed}'`,
  );
  // Without these there would be nothing to be doubled.
  if (kills >= KILLS_THAT_TELL) assert.ok(livesAhead > 0, 'no life began behind the database');
  const end = Number(reached?.[0] ?? 0) + LAST_RECORDS;
  await using last = await startWriter(config, dir, end, state);
  assert.deepEqual(await last.exited, { code: 0, signal: null }, last.outputTail());
  const counted = await rowsOf(
    connection,
    `SELECT count(*), count(DISTINCT id), min(id), max(id) FROM ${table}`,
  );
  assert.deepEqual(counted, [[String(end), String(end), '0', String(end - 1)]]);
}

function startWriter(
  config: string,
  dir: TempDir,
  limit: number,
  seed: number,
): Promise<OwnedProcess> {
  const script = fileURLToPath(new URL('./exactly-once-writer.ts', import.meta.url));
  return OwnedProcess.start({
    what: 'a worker with an exactly-once sink',
    command: process.execPath,
    args: ['--conditions=@sluice/source', script, config, dir.join('offset')].concat(
      String(limit),
      String(seed),
    ),
    env: { NODE_TEST_CONTEXT: undefined },
  });
}
