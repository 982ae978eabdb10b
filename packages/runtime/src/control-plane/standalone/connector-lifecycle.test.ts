import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  NEW_CONNECTOR,
  transition,
  type ConnectorLifecycle,
  type InstanceState,
  type LifecycleEffect,
  type LifecycleEvent,
} from './connector-lifecycle.ts';

const TARGETS = ['STARTED', 'PAUSED', 'STOPPED'] as const;
const INSTANCES: readonly InstanceState[] = ['absent', 'starting', 'up', 'failed'];

const EVENTS: Readonly<Record<string, LifecycleEvent>> = {
  'config+STARTED': { type: 'configured', target: 'STARTED' },
  'config+PAUSED': { type: 'configured', target: 'PAUSED' },
  'config+STOPPED': { type: 'configured', target: 'STOPPED' },
  resume: { type: 'targetSet', target: 'STARTED' },
  pause: { type: 'targetSet', target: 'PAUSED' },
  stop: { type: 'targetSet', target: 'STOPPED' },
  restart: { type: 'restartAsked' },
  reconfigure: { type: 'reconfigurationAsked' },
  delete: { type: 'deleted' },
  ready: { type: 'instanceReady' },
  failed: { type: 'instanceFailed', trace: 'why' },
};

function text(effect: LifecycleEffect): string {
  switch (effect.type) {
    case 'startInstance':
    case 'setInstanceTarget':
      return `${effect.type}(${effect.target})`;
    case 'report':
      return effect.state;
    default:
      return effect.type;
  }
}

/** state "instance/target" -> event -> "instance/target: effects". Every cell of the table. */
const TABLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'absent/STARTED': {
    'config+STARTED': 'starting/STARTED: startInstance(STARTED)',
    'config+PAUSED': 'starting/PAUSED: startInstance(PAUSED)',
    'config+STOPPED': 'starting/STOPPED: startInstance(STOPPED)',
    resume: 'absent/STARTED:',
    pause: 'absent/PAUSED: pauseTasks startInstance(PAUSED)',
    stop: 'absent/STOPPED: removeTasks startInstance(STOPPED)',
    restart: 'starting/STARTED: RESTARTING startInstance(STARTED)',
    reconfigure: 'absent/STARTED:',
    delete: 'absent/STARTED: removeTasks forget',
    ready: 'up/STARTED: RUNNING updateTasks',
    failed: 'failed/STARTED: FAILED',
  },
  'absent/PAUSED': {
    'config+STARTED': 'starting/STARTED: startInstance(STARTED)',
    'config+PAUSED': 'starting/PAUSED: startInstance(PAUSED)',
    'config+STOPPED': 'starting/STOPPED: startInstance(STOPPED)',
    resume: 'absent/STARTED: startInstance(STARTED) resumeTasks',
    pause: 'absent/PAUSED:',
    stop: 'absent/STOPPED: removeTasks startInstance(STOPPED)',
    restart: 'starting/PAUSED: RESTARTING startInstance(PAUSED)',
    reconfigure: 'absent/PAUSED:',
    delete: 'absent/PAUSED: removeTasks forget',
    ready: 'up/PAUSED: PAUSED',
    failed: 'failed/PAUSED: FAILED',
  },
  'absent/STOPPED': {
    'config+STARTED': 'starting/STARTED: startInstance(STARTED)',
    'config+PAUSED': 'starting/PAUSED: startInstance(PAUSED)',
    'config+STOPPED': 'starting/STOPPED: startInstance(STOPPED)',
    resume: 'absent/STARTED: startInstance(STARTED) resumeTasks',
    pause: 'absent/PAUSED: pauseTasks startInstance(PAUSED)',
    stop: 'absent/STOPPED:',
    restart: 'starting/STOPPED: RESTARTING startInstance(STOPPED)',
    reconfigure: 'absent/STOPPED:',
    delete: 'absent/STOPPED: removeTasks forget',
    ready: 'up/STOPPED: STOPPED',
    failed: 'failed/STOPPED: FAILED',
  },
  'starting/STARTED': {
    'config+STARTED': 'starting/STARTED: stopInstance startInstance(STARTED)',
    'config+PAUSED': 'starting/PAUSED: stopInstance startInstance(PAUSED)',
    'config+STOPPED': 'starting/STOPPED: stopInstance startInstance(STOPPED)',
    resume: 'starting/STARTED:',
    pause: 'starting/PAUSED: pauseTasks setInstanceTarget(PAUSED)',
    stop: 'starting/STOPPED: removeTasks setInstanceTarget(STOPPED)',
    restart: 'starting/STARTED: RESTARTING stopInstance startInstance(STARTED)',
    reconfigure: 'starting/STARTED:',
    delete: 'absent/STARTED: removeTasks stopInstance forget',
    ready: 'up/STARTED: RUNNING updateTasks',
    failed: 'failed/STARTED: FAILED',
  },
  'starting/PAUSED': {
    'config+STARTED': 'starting/STARTED: stopInstance startInstance(STARTED)',
    'config+PAUSED': 'starting/PAUSED: stopInstance startInstance(PAUSED)',
    'config+STOPPED': 'starting/STOPPED: stopInstance startInstance(STOPPED)',
    resume: 'starting/STARTED: setInstanceTarget(STARTED) resumeTasks',
    pause: 'starting/PAUSED:',
    stop: 'starting/STOPPED: removeTasks setInstanceTarget(STOPPED)',
    restart: 'starting/PAUSED: RESTARTING stopInstance startInstance(PAUSED)',
    reconfigure: 'starting/PAUSED:',
    delete: 'absent/PAUSED: removeTasks stopInstance forget',
    ready: 'up/PAUSED: PAUSED',
    failed: 'failed/PAUSED: FAILED',
  },
  'starting/STOPPED': {
    'config+STARTED': 'starting/STARTED: stopInstance startInstance(STARTED)',
    'config+PAUSED': 'starting/PAUSED: stopInstance startInstance(PAUSED)',
    'config+STOPPED': 'starting/STOPPED: stopInstance startInstance(STOPPED)',
    resume: 'starting/STARTED: setInstanceTarget(STARTED) resumeTasks',
    pause: 'starting/PAUSED: pauseTasks setInstanceTarget(PAUSED)',
    stop: 'starting/STOPPED:',
    restart: 'starting/STOPPED: RESTARTING stopInstance startInstance(STOPPED)',
    reconfigure: 'starting/STOPPED:',
    delete: 'absent/STOPPED: removeTasks stopInstance forget',
    ready: 'up/STOPPED: STOPPED',
    failed: 'failed/STOPPED: FAILED',
  },
  'up/STARTED': {
    'config+STARTED': 'starting/STARTED: stopInstance startInstance(STARTED)',
    'config+PAUSED': 'starting/PAUSED: stopInstance startInstance(PAUSED)',
    'config+STOPPED': 'starting/STOPPED: stopInstance startInstance(STOPPED)',
    resume: 'up/STARTED:',
    pause: 'up/PAUSED: pauseTasks setInstanceTarget(PAUSED)',
    stop: 'up/STOPPED: removeTasks setInstanceTarget(STOPPED)',
    restart: 'starting/STARTED: RESTARTING stopInstance startInstance(STARTED)',
    reconfigure: 'up/STARTED: updateTasks',
    delete: 'absent/STARTED: removeTasks stopInstance forget',
    ready: 'up/STARTED: RUNNING updateTasks',
    failed: 'failed/STARTED: FAILED',
  },
  'up/PAUSED': {
    'config+STARTED': 'starting/STARTED: stopInstance startInstance(STARTED)',
    'config+PAUSED': 'starting/PAUSED: stopInstance startInstance(PAUSED)',
    'config+STOPPED': 'starting/STOPPED: stopInstance startInstance(STOPPED)',
    resume: 'up/STARTED: setInstanceTarget(STARTED) resumeTasks',
    pause: 'up/PAUSED:',
    stop: 'up/STOPPED: removeTasks setInstanceTarget(STOPPED)',
    restart: 'starting/PAUSED: RESTARTING stopInstance startInstance(PAUSED)',
    reconfigure: 'up/PAUSED:',
    delete: 'absent/PAUSED: removeTasks stopInstance forget',
    ready: 'up/PAUSED: PAUSED',
    failed: 'failed/PAUSED: FAILED',
  },
  'up/STOPPED': {
    'config+STARTED': 'starting/STARTED: stopInstance startInstance(STARTED)',
    'config+PAUSED': 'starting/PAUSED: stopInstance startInstance(PAUSED)',
    'config+STOPPED': 'starting/STOPPED: stopInstance startInstance(STOPPED)',
    resume: 'up/STARTED: setInstanceTarget(STARTED) resumeTasks',
    pause: 'up/PAUSED: pauseTasks setInstanceTarget(PAUSED)',
    stop: 'up/STOPPED:',
    restart: 'starting/STOPPED: RESTARTING stopInstance startInstance(STOPPED)',
    reconfigure: 'up/STOPPED:',
    delete: 'absent/STOPPED: removeTasks stopInstance forget',
    ready: 'up/STOPPED: STOPPED',
    failed: 'failed/STOPPED: FAILED',
  },
  'failed/STARTED': {
    'config+STARTED': 'starting/STARTED: stopInstance startInstance(STARTED)',
    'config+PAUSED': 'starting/PAUSED: stopInstance startInstance(PAUSED)',
    'config+STOPPED': 'starting/STOPPED: stopInstance startInstance(STOPPED)',
    resume: 'failed/STARTED:',
    pause: 'failed/PAUSED: pauseTasks',
    stop: 'absent/STOPPED: removeTasks stopInstance STOPPED',
    restart: 'starting/STARTED: RESTARTING stopInstance startInstance(STARTED)',
    reconfigure: 'failed/STARTED:',
    delete: 'absent/STARTED: removeTasks stopInstance forget',
    ready: 'up/STARTED: RUNNING updateTasks',
    failed: 'failed/STARTED: FAILED',
  },
  'failed/PAUSED': {
    'config+STARTED': 'starting/STARTED: stopInstance startInstance(STARTED)',
    'config+PAUSED': 'starting/PAUSED: stopInstance startInstance(PAUSED)',
    'config+STOPPED': 'starting/STOPPED: stopInstance startInstance(STOPPED)',
    resume: 'failed/STARTED: resumeTasks',
    pause: 'failed/PAUSED:',
    stop: 'absent/STOPPED: removeTasks stopInstance STOPPED',
    restart: 'starting/PAUSED: RESTARTING stopInstance startInstance(PAUSED)',
    reconfigure: 'failed/PAUSED:',
    delete: 'absent/PAUSED: removeTasks stopInstance forget',
    ready: 'up/PAUSED: PAUSED',
    failed: 'failed/PAUSED: FAILED',
  },
  'failed/STOPPED': {
    'config+STARTED': 'starting/STARTED: stopInstance startInstance(STARTED)',
    'config+PAUSED': 'starting/PAUSED: stopInstance startInstance(PAUSED)',
    'config+STOPPED': 'starting/STOPPED: stopInstance startInstance(STOPPED)',
    resume: 'failed/STARTED: resumeTasks',
    pause: 'failed/PAUSED: pauseTasks',
    stop: 'failed/STOPPED:',
    restart: 'starting/STOPPED: RESTARTING stopInstance startInstance(STOPPED)',
    reconfigure: 'failed/STOPPED:',
    delete: 'absent/STOPPED: removeTasks stopInstance forget',
    ready: 'up/STOPPED: STOPPED',
    failed: 'failed/STOPPED: FAILED',
  },
};

for (const instance of INSTANCES)
  for (const target of TARGETS)
    test(`a connector that is ${instance} with target ${target} answers every event`, () => {
      const answers = Object.entries(EVENTS).map(([name, event]) => {
        const { state, effects } = transition({ instance, target }, event);
        const told = `${state.instance}/${state.target}: ${effects.map(text).join(' ')}`.trim();
        return [name, told];
      });
      assert.deepEqual(Object.fromEntries(answers), TABLE[`${instance}/${target}`]);
    });

test('whatever happened before, deleting stops all there is and forgets the rest', () => {
  const event = fc.constantFrom(...Object.values(EVENTS));
  fc.assert(
    fc.property(fc.array(event), (events) => {
      let state: ConnectorLifecycle = NEW_CONNECTOR;
      for (const each of events) ({ state } = transition(state, each));
      const deleted = transition(state, { type: 'deleted' });
      assert.equal(deleted.state.instance, 'absent');
      assert.equal(deleted.effects.at(0)?.type, 'removeTasks');
      assert.equal(deleted.effects.at(-1)?.type, 'forget');
      const hasStop = deleted.effects.some(({ type }) => type === 'stopInstance');
      assert.equal(hasStop, state.instance !== 'absent');
    }),
  );
});

test('the trace of a failure is reported', () => {
  const { effects } = transition(NEW_CONNECTOR, { type: 'instanceFailed', trace: 'because' });
  assert.deepEqual(effects, [{ type: 'report', state: 'FAILED', trace: 'because' }]);
});
