import type { Step } from '../../../../packages/rest/test/parity/session.ts';
import type { Session } from './builder.ts';
import { SOURCE, ask, get } from './builder.ts';

const BOTH = ['leader', 'follower'] as const;

function untilBoth(name: string, state: string, tasks = 1): readonly Step[] {
  const task = `\\{"id":\\d+,"state":"${state}"[^{}]*\\}`;
  const all = Array.from({ length: tasks }, () => task).join(',');
  const matches = `"connector":\\{"state":"${state}"[^{}]*\\},"tasks":\\[${all}\\]`;
  return BOTH.map((to) => ({ until: { path: `/connectors/${name}/status`, matches, to } }));
}
function gone(name: string): readonly Step[] {
  const path = `/connectors/${name}/status`;
  return BOTH.map((to) => ({ until: { path, matches: '', status: 404, to } }));
}
function post(name: string, to: string, query = ''): Step {
  return ask('POST', `/connectors${query}`, `{"name":"${name}","config":{${SOURCE}}}`, { to });
}

/** All that is asked of one worker about one connector. */
function life(name: string, to: (typeof BOTH)[number]): readonly Step[] {
  const path = `/connectors/${name}`;
  return [
    post(name, to),
    ...untilBoth(name, 'RUNNING'),
    ...BOTH.flatMap((at) =>
      ['', '/config', '/status', '/tasks', '/tasks/0/status', '/topics'].map((more) =>
        get(`${path}${more}`, { to: at }),
      ),
    ),
    post(name, to),
    ask('PUT', `${path}/config`, `{${SOURCE},"x":"1"}`, { to }),
    ...untilBoth(name, 'RUNNING'),
    ask('PATCH', `${path}/config`, '{"x":null}', { to }),
    ...untilBoth(name, 'RUNNING'),
    ask('PUT', `${path}/pause`, undefined, { to }),
    ...untilBoth(name, 'PAUSED'),
    ask('PUT', `${path}/resume`, undefined, { to }),
    ...untilBoth(name, 'RUNNING'),
    ask('POST', `${path}/restart`, undefined, { to }),
    ...untilBoth(name, 'RUNNING'),
    ask('POST', `${path}/restart?includeTasks=true`, undefined, { to }),
    ...untilBoth(name, 'RUNNING'),
    ask('POST', `${path}/tasks/0/restart`, undefined, { to }),
    ...untilBoth(name, 'RUNNING'),
    ask('POST', `${path}/tasks/5/restart`, undefined, { to }),
    ask('DELETE', `${path}/offsets`, undefined, { to }),
    ask('PUT', `${path}/stop`, undefined, { to }),
    ...untilBoth(name, 'STOPPED', 0),
    ask(
      'PATCH',
      `${path}/offsets`,
      '{"offsets":[{"partition":{"filename":"in.txt"},"offset":{"position":2}}]}',
      { to },
    ),
    get(`${path}/offsets`, { to: 'leader' }),
    ask('DELETE', `${path}/offsets`, undefined, { to }),
    get(`${path}/offsets`, { to: 'follower' }),
    ask('POST', `${path}/tasks`, '[]', { to }),
    ask('PUT', `${path}/fence`, undefined, { to }),
    ask('DELETE', path, undefined, { to }),
    ...gone(name),
  ];
}

/** What follows the `forward` flag, and what is not there. */
function edges(to: (typeof BOTH)[number]): readonly Step[] {
  const details = { to };
  return [
    get('/', details),
    get('/health', details),
    get('/connectors', details),
    get('/connectors?expand=status&expand=info', details),
    post('never', to, '?forward=false'),
    ask('DELETE', '/connectors/never?forward=false', undefined, details),
    ...['', '/config', '/status', '/tasks', '/offsets', '/topics'].map((more) =>
      get(`/connectors/nope${more}`, details),
    ),
    ask('POST', '/connectors', '{"name":"a","config":{"connector.class":"Nope"}}', details),
    ask('POST', '/connectors', '{"name":"a"', details),
    ask(
      'POST',
      '/connectors',
      '{"name":"a","config":{"connector.class":"FileStreamSource"}}',
      details,
    ),
    ...['pause', 'resume', 'stop', 'fence', 'topics/reset'].map((command) =>
      ask('PUT', `/connectors/nope/${command}`, undefined, details),
    ),
    ...['restart', 'restart?includeTasks=true', 'tasks/0/restart', 'restart?forward=false'].map(
      (command) => ask('POST', `/connectors/nope/${command}`, undefined, details),
    ),
    ask('POST', '/connectors/nope/tasks', '[{}]', details),
    ask('DELETE', '/connectors/nope', undefined, details),
    ask('DELETE', '/connectors/nope/offsets', undefined, details),
    ask('PATCH', '/connectors/nope/config', '{"a":"b"}', details),
    ask('PUT', '/admin/loggers/org.foo', '{"level":"DEBUG"}', details),
    ask('PUT', '/admin/loggers/org.bar?scope=cluster', '{"level":"WARN"}', details),
    { until: { path: '/admin/loggers/org.bar', matches: 'WARN', to } },
  ];
}

/** Two workers, each asked everything. */
export const DISTRIBUTED_SESSION: Session = {
  name: 'distributed',
  worker: { 'offset.flush.interval.ms': '500' },
  files: { 'in.txt': 'one\ntwo\nx\n' },
  addresses: {},
  steps: BOTH.flatMap((to) => [...edges(to), ...life(`of-${to}`, to)]),
};

/** What is asked again and again while a third worker joins and leaves. */
export const REBALANCE_ASKS: readonly Step[] = BOTH.flatMap((to) => [
  get('/connectors', { to }),
  ask('PUT', '/connectors/busy/config', `{${SOURCE},"x":"1"}`, { to }),
  get('/connectors/busy/status', { to }),
  get('/connectors/busy', { to }),
  ask('POST', '/connectors/busy/restart', undefined, { to }),
  ask('POST', '/connectors/busy/restart?onlyFailed=true', undefined, { to }),
  ask('POST', '/connectors/busy/tasks/0/restart', undefined, { to }),
  ask('DELETE', '/connectors/absent', undefined, { to }),
]);
