/** What Java's worker says of bodies that can't be read: recorded, and asked of our server alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Logger } from '@sluice/api';
import { RestServer } from '@sluice/rest/server';
import { FakeHerder } from '../fake-herder.ts';
import { differenceText, readRecording, replay } from './recording.ts';
import type { RecordedStep } from './session.ts';

const silent = (): void => undefined;
const logger: Logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };
/** How many have to be Java's to the letter, position and reference chain included. */
const LITERAL_SHARE = 0.93;

function isMalformed(step: RecordedStep): boolean {
  return 'ask' in step && step.answer.body.includes('INCLUDE_SOURCE_IN_LOCATION');
}

test('R1.03 malformed and mis-shaped bodies are answered as Jackson answers them', async () => {
  const { head, steps } = await readRecording('standalone');
  const malformed = steps.filter(isMalformed);
  assert.ok(malformed.length > 100);
  await using server = await RestServer.start({
    props: { listeners: 'http://127.0.0.1:0' },
    logger,
  });
  const loggers = { loggers: () => new Map(), logger: () => null, setLevel: () => [] };
  server.mount(new FakeHerder(), loggers);
  const target = { urls: { main: server.localUrl }, clusterId: 'none' };
  const differences = await replay({ head, steps: malformed }, target, (answer) => answer);
  const other = differences.filter(({ ours }) => ours.status !== 500);
  assert.deepEqual(other.map(differenceText), []);
  const literal = malformed.length - differences.length;
  assert.ok(literal / malformed.length >= LITERAL_SHARE, `${literal} of ${malformed.length}`);
});
