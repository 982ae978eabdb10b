import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchProgress, type Outcome, type Progress } from './dev-progress.ts';

/** Looks that answer one after the other, the last one for ever. */
function watch(
  looks: readonly Progress[],
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): { readonly outcome: Promise<Outcome>; readonly told: readonly string[] } {
  const told: string[] = [];
  let at = 0;
  let timeMs = 0;
  const outcome = watchProgress({
    expected: 10,
    look: () => {
      timeMs += 1000;
      const progress = looks[Math.min(at, looks.length - 1)];
      at++;
      assert.ok(progress !== undefined);
      return Promise.resolve(progress);
    },
    onChange: ({ recordsIn, recordsOut }) => told.push(`${recordsIn}/${recordsOut}`),
    timeoutMs: options.timeoutMs ?? 60_000,
    signal: options.signal ?? new AbortController().signal,
    clock: () => timeMs,
  });
  return { outcome, told };
}

function progress(recordsIn: number, recordsOut: number, failure: string | null = null): Progress {
  return { recordsIn, recordsOut, rows: recordsOut, recordsAgain: recordsOut, failure };
}

test('it waits for the table and for what is read back from it', async () => {
  const { outcome } = watch([
    { ...progress(10, 10), rows: 9 },
    { ...progress(10, 10), recordsAgain: 3 },
    progress(10, 12),
  ]);
  assert.deepEqual(await outcome, { type: 'through', progress: progress(10, 12) });
});

test('it ends when all that went in came out, and tells each change once', async () => {
  const { outcome, told } = watch([
    progress(0, 0),
    progress(0, 0),
    progress(10, 4),
    progress(10, 10),
  ]);
  assert.deepEqual(await outcome, { type: 'through', progress: progress(10, 10) });
  assert.deepEqual(told, ['0/0', '10/4', '10/10']);
});

test('it ends with the reason when something fails', async () => {
  const { outcome } = watch([progress(1, 0), progress(1, 0, 'poison')]);
  assert.deepEqual(await outcome, { type: 'failed', reason: 'poison' });
});

test('it ends with how far it came when time is up', async () => {
  const { outcome } = watch([progress(7, 3)], { timeoutMs: 2500 });
  assert.deepEqual(await outcome, { type: 'late', progress: progress(7, 3) });
});

test('it ends when it is told to', async () => {
  const { outcome } = watch([progress(7, 3)], { signal: AbortSignal.abort() });
  assert.deepEqual(await outcome, { type: 'stopped' });
});
