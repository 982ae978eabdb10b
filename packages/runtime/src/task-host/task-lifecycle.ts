/**
 * The life of a task as a pure state machine: what may happen, in which state, and what follows.
 * TaskRunner carries out the effects. Rows R4.01, R4.12 to R4.15, R5.13, R5.14.
 *
 *   created ── begin ──> starting ── started ──> running <─ paused/resumed ─> paused
 *      └─ begin paused ─> held ── resume ──> starting
 *   any of these ── stop ──> stopping ── finished ──> ended
 *   any of these ── cancel ──> cancelled ── finished ──> ended
 *   starting, running, paused ── failed ──> ended
 */
export type TaskState =
  | 'created'
  /** Wanted PAUSED from the start: nothing of the plug-in has been called yet. */
  | 'held'
  | 'starting'
  | 'running'
  | 'paused'
  | 'stopping'
  | 'cancelled'
  | 'ended';

export type TaskEvent =
  | 'begin'
  | 'beginPaused'
  | 'pause'
  | 'resume'
  | 'stop'
  | 'cancel'
  /** The task's own `start` has returned. */
  | 'started'
  /** The task's loop has come to rest, or goes on. */
  | 'paused'
  | 'resumed'
  /** The task is gone, by an error or as it was told to. */
  | 'failed'
  | 'finished';

export type TaskEffect =
  | 'start'
  | 'tellPause'
  | 'tellResume'
  | 'tellStop'
  | 'tellCancel'
  | 'reportRunning'
  | 'reportPaused'
  | 'reportFailed'
  | 'reportUnassigned'
  /** An error after stop was requested: worth a line, not a status. */
  | 'logLateFailure'
  | 'release';

export interface TaskTransition {
  readonly state: TaskState;
  readonly effects: readonly TaskEffect[];
}

type Row = Readonly<Partial<Record<TaskEvent, TaskTransition>>>;

const ENDED: TaskTransition = { state: 'ended', effects: ['reportUnassigned', 'release'] };
const FAILED: TaskTransition = { state: 'ended', effects: ['reportFailed', 'release'] };
const STOPPING: TaskTransition = { state: 'stopping', effects: ['tellStop'] };
const CANCELLED: TaskTransition = { state: 'cancelled', effects: ['tellStop', 'tellCancel'] };

/** What is not listed changes nothing: commands cross with what happens in the thread. */
const TRANSITIONS: Readonly<Record<TaskState, Row>> = {
  created: {
    begin: { state: 'starting', effects: ['start'] },
    beginPaused: { state: 'held', effects: ['reportPaused'] },
  },
  held: {
    resume: { state: 'starting', effects: ['start'] },
    stop: ENDED,
    cancel: { state: 'ended', effects: ['release'] },
  },
  starting: {
    started: { state: 'running', effects: ['reportRunning'] },
    pause: { state: 'starting', effects: ['tellPause'] },
    resume: { state: 'starting', effects: ['tellResume'] },
    stop: STOPPING,
    cancel: CANCELLED,
    failed: FAILED,
    finished: ENDED,
  },
  running: {
    paused: { state: 'paused', effects: ['reportPaused'] },
    pause: { state: 'running', effects: ['tellPause'] },
    resume: { state: 'running', effects: ['tellResume'] },
    stop: STOPPING,
    cancel: CANCELLED,
    failed: FAILED,
    finished: ENDED,
  },
  paused: {
    resumed: { state: 'running', effects: ['reportRunning'] },
    pause: { state: 'paused', effects: ['tellPause'] },
    resume: { state: 'paused', effects: ['tellResume'] },
    stop: STOPPING,
    cancel: CANCELLED,
    failed: FAILED,
    finished: ENDED,
  },
  stopping: {
    cancel: { state: 'cancelled', effects: ['tellCancel'] },
    failed: { state: 'ended', effects: ['logLateFailure', 'reportUnassigned', 'release'] },
    finished: ENDED,
  },
  // Another start of the same task may be running already: nothing more is reported.
  cancelled: {
    failed: { state: 'ended', effects: ['logLateFailure', 'release'] },
    finished: { state: 'ended', effects: ['release'] },
  },
  ended: {},
};

/** The state that follows, and what is to be done. Total: every event in every state. */
export function transition(state: TaskState, event: TaskEvent): TaskTransition {
  return TRANSITIONS[state][event] ?? { state, effects: [] };
}
