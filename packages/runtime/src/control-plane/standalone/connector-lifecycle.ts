/**
 * The life of one connector on this worker as a pure state machine: what is known of its instance,
 * what is wanted of it, and what to do when something happens. Effects are carried out elsewhere
 * (connector-runner.ts), in order; what comes of them comes back as events.
 */
import type { ConnectorTarget } from '../../task-host/contract.ts';
import { assertNever } from '../assert-never.ts';

/**
 * What became of the Connector object: `absent` there is none, `starting` it was asked to start,
 * `up` it is there and does what `target` says, `failed` it could not start or has failed since.
 */
export type InstanceState = 'absent' | 'starting' | 'up' | 'failed';

/** The state of one connector. */
export interface ConnectorLifecycle {
  readonly instance: InstanceState;
  readonly target: ConnectorTarget;
}

export type LifecycleEvent =
  /** A new connector, or a new config for it. */
  | { readonly type: 'configured'; readonly target: ConnectorTarget }
  /** Pause, resume or stop. */
  | { readonly type: 'targetSet'; readonly target: ConnectorTarget }
  | { readonly type: 'restartAsked' }
  /** The connector wants to be asked for its task configs again. */
  | { readonly type: 'reconfigurationAsked' }
  | { readonly type: 'deleted' }
  /** The instance does what its target says. */
  | { readonly type: 'instanceReady' }
  | { readonly type: 'instanceFailed'; readonly trace: string };

export type LifecycleEffect =
  /** Ends in `instanceReady` or `instanceFailed`. */
  | { readonly type: 'startInstance'; readonly target: ConnectorTarget }
  /** Ends in `instanceReady` or `instanceFailed`. */
  | { readonly type: 'setInstanceTarget'; readonly target: ConnectorTarget }
  | { readonly type: 'stopInstance' }
  /** Asks for task configs and replaces the tasks when they differ from those that run. */
  | { readonly type: 'updateTasks' }
  | { readonly type: 'pauseTasks' }
  | { readonly type: 'resumeTasks' }
  /** Stops the tasks and forgets their configs. */
  | { readonly type: 'removeTasks' }
  | {
      readonly type: 'report';
      readonly state: 'RUNNING' | 'PAUSED' | 'STOPPED' | 'FAILED' | 'RESTARTING';
      readonly trace?: string;
    }
  /** Forgets config and status. */
  | { readonly type: 'forget' };

/** The next state and what to do, in order. */
export interface Transition {
  readonly state: ConnectorLifecycle;
  readonly effects: readonly LifecycleEffect[];
}

/** A connector of which nothing is known yet. */
export const NEW_CONNECTOR: ConnectorLifecycle = { instance: 'absent', target: 'STARTED' };

const REPORTED = { STARTED: 'RUNNING', PAUSED: 'PAUSED', STOPPED: 'STOPPED' } as const;

/** What an event means in a state. Total: every event has an answer in every state. */
export function transition(state: ConnectorLifecycle, event: LifecycleEvent): Transition {
  switch (event.type) {
    case 'configured':
      return restarted({ ...state, target: event.target }, []);
    case 'restartAsked':
      return restarted(state, [{ type: 'report', state: 'RESTARTING' }]);
    case 'targetSet':
      return targeted(state, event.target);
    case 'reconfigurationAsked':
      return {
        state,
        effects: isRunning(state) ? [{ type: 'updateTasks' }] : [],
      };
    case 'deleted':
      return {
        state: { ...state, instance: 'absent' },
        effects: [{ type: 'removeTasks' }, ...stopping(state), { type: 'forget' }],
      };
    case 'instanceReady':
      return ready({ ...state, instance: 'up' });
    case 'instanceFailed':
      return {
        state: { ...state, instance: 'failed' },
        effects: [{ type: 'report', state: 'FAILED', trace: event.trace }],
      };
    default:
      return assertNever(event);
  }
}

/** Tasks stay as they are: they are replaced once the new instance has other configs for them. */
function restarted(state: ConnectorLifecycle, before: readonly LifecycleEffect[]): Transition {
  return {
    state: { ...state, instance: 'starting' },
    effects: [...before, ...stopping(state), { type: 'startInstance', target: state.target }],
  };
}

function ready(state: ConnectorLifecycle): Transition {
  const report = { type: 'report', state: REPORTED[state.target] } as const;
  return { state, effects: isRunning(state) ? [report, { type: 'updateTasks' }] : [report] };
}

function targeted(state: ConnectorLifecycle, target: ConnectorTarget): Transition {
  if (target === state.target) return { state, effects: [] };
  const next = { ...state, target };
  switch (target) {
    case 'STARTED':
      return { state: next, effects: [...retargeting(state, target), { type: 'resumeTasks' }] };
    case 'PAUSED':
      return { state: next, effects: [{ type: 'pauseTasks' }, ...retargeting(state, target)] };
    case 'STOPPED':
      return stopped(state, next);
    default:
      return assertNever(target);
  }
}

/** A failed connector can be stopped too; resuming it then starts it anew. */
function stopped(state: ConnectorLifecycle, next: ConnectorLifecycle): Transition {
  if (state.instance === 'failed')
    return {
      state: { ...next, instance: 'absent' },
      effects: [
        { type: 'removeTasks' },
        { type: 'stopInstance' },
        { type: 'report', state: 'STOPPED' },
      ],
    };
  return { state: next, effects: [{ type: 'removeTasks' }, ...retargeting(state, 'STOPPED')] };
}

/** A failed instance stays failed until it is restarted; one that is not there is started. */
function retargeting(
  state: ConnectorLifecycle,
  target: ConnectorTarget,
): readonly LifecycleEffect[] {
  switch (state.instance) {
    case 'absent':
      return [{ type: 'startInstance', target }];
    case 'failed':
      return [];
    case 'starting':
    case 'up':
      return [{ type: 'setInstanceTarget', target }];
    default:
      return assertNever(state.instance);
  }
}

function stopping(state: ConnectorLifecycle): readonly LifecycleEffect[] {
  return state.instance === 'absent' ? [] : [{ type: 'stopInstance' }];
}

function isRunning(state: ConnectorLifecycle): boolean {
  return state.instance === 'up' && state.target === 'STARTED';
}
