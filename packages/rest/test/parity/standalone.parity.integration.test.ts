/** The recorded session with Java's standalone worker, taken against ours. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { startDevBrokerForTest } from '@sluice/testing';
import type { Answer } from './exchange.ts';
import { KNOWN_DIFFERENCES, simplified } from './known-differences.ts';
import { missing, RECORDED_ROWS, shows } from './recorded-rows.ts';
import {
  differenceText,
  readRecording,
  replay,
  type Difference,
  type Recording,
} from './recording.ts';
import { RUNTIME_DIFFERENCES } from './runtime-differences.ts';
import { startSluiceWorker } from './sluice-worker.ts';

/** Of the answers to malformed JSON, how many have to be Java's to the letter. */
const LITERAL_SHARE = 0.93;

describe("Java's recorded standalone session", () => {
  let recording: Recording;
  let differences: readonly Difference[];
  let unknown: readonly Difference[];
  before(async () => {
    recording = await readRecording('standalone');
    await using broker = await startDevBrokerForTest();
    await using worker = await startSluiceWorker(recording.head, broker);
    differences = await replay(recording, worker.target, simplified);
    const all = [...KNOWN_DIFFERENCES, ...RUNTIME_DIFFERENCES];
    unknown = differences.filter((one) => !all.some((known) => known.covers(one)));
  });

  test('is answered the same', () => {
    assert.deepEqual(unknown.map(differenceText), []);
    const stale = KNOWN_DIFFERENCES.filter(
      (known) => !differences.some((one) => known.covers(one)),
    );
    assert.deepEqual(
      stale.map(({ what }) => what),
      [],
      'a difference that is gone is no longer to be named',
    );
    const isJackson = (body: string): boolean => body.includes('INCLUDE_SOURCE_IN_LOCATION');
    const malformed = recording.steps.filter(
      (step) => 'ask' in step && isJackson(step.answer.body),
    );
    const otherwise = differences.filter(({ java }) => isJackson(java.body));
    assert.ok(1 - otherwise.length / malformed.length >= LITERAL_SHARE);
  });

  for (const recorded of RECORDED_ROWS)
    test(`${recorded.row} ${recorded.what}: as Java answers`, () => {
      const others = unknown.filter(({ ask }) => shows(recorded, ask));
      assert.deepEqual(others.map(differenceText), []);
      const differing = new Set(differences.map(({ index }) => index));
      const equal: Answer[] = [];
      for (const [index, step] of recording.steps.entries())
        if ('ask' in step && !differing.has(index) && shows(recorded, step.ask))
          equal.push(step.answer);
      assert.deepEqual(missing(recorded, equal), []);
    });

  test('R1.02 every error has its body, with the status as error_code', () => {
    const ours = new Map(differences.map((one) => [one.index, one.ours]));
    let errors = 0;
    for (const [index, step] of recording.steps.entries()) {
      if (!('ask' in step) || step.ask.method === 'HEAD' || step.answer.status < 400) continue;
      const { status, body } = ours.get(index) ?? step.answer;
      if (status < 400) continue;
      const parsed: unknown = JSON.parse(body);
      assert.ok(typeof parsed === 'object' && parsed !== null, body);
      assert.deepEqual(Object.keys(parsed), ['error_code', 'message'], body);
      assert.ok('error_code' in parsed && parsed.error_code === status, body);
      errors += 1;
    }
    assert.ok(errors > 300, `only ${errors} errors`);
  });

  test('R1.04 commands have no body, whether they are 202 or 204', () => {
    const differing = new Set(differences.map(({ index }) => index));
    const answers = recording.steps
      .filter((_step, index) => !differing.has(index))
      .filter((step) => 'ask' in step)
      .filter(({ ask }) => !ask.path.includes('/restart?'))
      .map(({ answer }) => answer)
      .filter(({ status }) => status === 202 || status === 204);
    assert.ok(answers.length > 20, `only ${answers.length} commands`);
    assert.deepEqual(new Set(answers.map(({ body }) => body)), new Set(['']));
  });
});
