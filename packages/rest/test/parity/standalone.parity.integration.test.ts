/** The recorded session with Java's standalone worker, taken against ours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDevBrokerForTest } from '@sluice/testing';
import { KNOWN_DIFFERENCES, simplified } from './known-differences.ts';
import { differenceText, readRecording, replay } from './recording.ts';
import { RUNTIME_DIFFERENCES, isOwed } from './runtime-differences.ts';
import { startSluiceWorker } from './sluice-worker.ts';

/** Of the answers to malformed JSON, how many have to be Java's to the letter. */
const LITERAL_SHARE = 0.93;

test("Java's recorded standalone session is answered the same", async () => {
  const recording = await readRecording('standalone');
  await using broker = await startDevBrokerForTest();
  await using worker = await startSluiceWorker(recording.head, broker);
  const differences = await replay(recording, worker.target, simplified);
  const all = [...KNOWN_DIFFERENCES, ...RUNTIME_DIFFERENCES];
  const unknown = differences.filter(
    (one) => !isOwed(one) && !all.some((known) => known.covers(one)),
  );
  assert.deepEqual(unknown.map(differenceText), []);
  const stale = KNOWN_DIFFERENCES.filter((known) => !differences.some((one) => known.covers(one)));
  assert.deepEqual(
    stale.map(({ what }) => what),
    [],
    'a difference that is gone is no longer to be named',
  );
  const isJackson = (body: string): boolean => body.includes('INCLUDE_SOURCE_IN_LOCATION');
  const malformed = recording.steps.filter((step) => 'ask' in step && isJackson(step.answer.body));
  const otherwise = differences.filter(({ java }) => isJackson(java.body));
  assert.ok(1 - otherwise.length / malformed.length >= LITERAL_SHARE);
});
