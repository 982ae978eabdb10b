import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type TaskEvent, type TaskState, transition } from './task-lifecycle.ts';

/** `state: effects`, or `-` for "nothing changes". Every event in every state, or it won't compile. */
const EXPECTED: Readonly<Record<TaskState, Readonly<Record<TaskEvent, string>>>> = {
  created: {
    begin: 'starting: start',
    beginPaused: 'held: reportPaused',
    pause: '-',
    resume: '-',
    stop: '-',
    cancel: '-',
    started: '-',
    paused: '-',
    resumed: '-',
    failed: '-',
    finished: '-',
  },
  held: {
    begin: '-',
    beginPaused: '-',
    pause: '-',
    resume: 'starting: start',
    stop: 'ended: reportUnassigned release',
    cancel: 'ended: release',
    started: '-',
    paused: '-',
    resumed: '-',
    failed: '-',
    finished: '-',
  },
  starting: {
    begin: '-',
    beginPaused: '-',
    pause: 'starting: tellPause',
    resume: 'starting: tellResume',
    stop: 'stopping: tellStop',
    cancel: 'cancelled: tellStop tellCancel',
    started: 'running: reportRunning',
    paused: '-',
    resumed: '-',
    failed: 'ended: reportFailed release',
    finished: 'ended: reportUnassigned release',
  },
  running: {
    begin: '-',
    beginPaused: '-',
    pause: 'running: tellPause',
    resume: 'running: tellResume',
    stop: 'stopping: tellStop',
    cancel: 'cancelled: tellStop tellCancel',
    started: '-',
    paused: 'paused: reportPaused',
    resumed: '-',
    failed: 'ended: reportFailed release',
    finished: 'ended: reportUnassigned release',
  },
  paused: {
    begin: '-',
    beginPaused: '-',
    pause: 'paused: tellPause',
    resume: 'paused: tellResume',
    stop: 'stopping: tellStop',
    cancel: 'cancelled: tellStop tellCancel',
    started: '-',
    paused: '-',
    resumed: 'running: reportRunning',
    failed: 'ended: reportFailed release',
    finished: 'ended: reportUnassigned release',
  },
  stopping: {
    begin: '-',
    beginPaused: '-',
    pause: '-',
    resume: '-',
    stop: '-',
    cancel: 'cancelled: tellCancel',
    started: '-',
    paused: '-',
    resumed: '-',
    failed: 'ended: logLateFailure reportUnassigned release',
    finished: 'ended: reportUnassigned release',
  },
  cancelled: {
    begin: '-',
    beginPaused: '-',
    pause: '-',
    resume: '-',
    stop: '-',
    cancel: '-',
    started: '-',
    paused: '-',
    resumed: '-',
    failed: 'ended: logLateFailure release',
    finished: 'ended: release',
  },
  ended: {
    begin: '-',
    beginPaused: '-',
    pause: '-',
    resume: '-',
    stop: '-',
    cancel: '-',
    started: '-',
    paused: '-',
    resumed: '-',
    failed: '-',
    finished: '-',
  },
};

const STATES = Object.keys(EXPECTED).filter((each): each is TaskState => each in EXPECTED);
const EVENTS = Object.keys(EXPECTED.created).filter(
  (each): each is TaskEvent => each in EXPECTED.created,
);

/** The rows that a state's line of the table is about. */
const ROWS: Readonly<Partial<Record<TaskState, string>>> = {
  held: 'R4.01 (paused before its start it is not touched) ',
  running: 'R4.14 (an error is FAILED) ',
  stopping: 'R4.14 (an error after the stop is logged, no status) ',
  cancelled: 'R4.13 (nothing of it is reported any more) ',
};

for (const state of STATES) {
  test(`${ROWS[state] ?? ''}a task that is ${state} follows the table in every event`, () => {
    for (const event of EVENTS) {
      const next = transition(state, event);
      const unchanged = next.state === state && next.effects.length === 0;
      const text = unchanged ? '-' : `${next.state}: ${next.effects.join(' ')}`;
      assert.equal(text, EXPECTED[state][event], `${state} + ${event}`);
    }
  });
}

test('whatever happens, a task ends once, reports its end at most once, and starts at most once', () => {
  const events = fc.array(fc.constantFrom(...EVENTS), { maxLength: 40 });
  fc.assert(
    fc.property(events, (sequence) => {
      let state: TaskState = 'created';
      const effects: string[] = [];
      for (const event of sequence) {
        const next = transition(state, event);
        if (state === 'ended') assert.deepEqual(next.effects, []);
        state = next.state;
        effects.push(...next.effects);
      }
      const count = (...names: readonly string[]) =>
        effects.filter((each) => names.includes(each)).length;
      assert.ok(count('release') <= 1);
      assert.equal(count('release'), state === 'ended' ? 1 : 0);
      assert.ok(count('reportFailed', 'reportUnassigned') <= 1);
      assert.ok(count('start') <= 1);
      assert.ok(count('tellCancel') <= 1);
    }),
    { numRuns: 1_000 },
  );
});
