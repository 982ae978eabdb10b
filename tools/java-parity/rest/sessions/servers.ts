/** Short sessions, one for each way in which a worker's REST can be set up. */
import type { Step } from '../../../../packages/rest/test/parity/session.ts';
import type { Session } from './builder.ts';
import { SOURCE, ask, create, get, untilState } from './builder.ts';

const ORIGIN = { origin: 'http://ui.example' };

function preflight(method: string, headers: Readonly<Record<string, string>> = {}): Step {
  return ask('OPTIONS', '/connectors', undefined, {
    headers: { ...ORIGIN, 'access-control-request-method': method, ...headers },
  });
}

const CORS: readonly Step[] = [
  get('/'),
  get('/', { headers: ORIGIN }),
  get('/', { headers: { origin: 'http://evil.example' } }),
  get('/', { headers: { origin: 'null' } }),
  get('/', { headers: { origin: '' } }),
  get('/nope', { headers: ORIGIN }),
  get('/connectors/nope', { headers: ORIGIN }),
  preflight('GET'),
  preflight('PUT'),
  preflight('DELETE'),
  preflight('PATCH'),
  preflight('POST', { 'access-control-request-headers': 'content-type' }),
  preflight('POST', { 'access-control-request-headers': 'x-other' }),
  ask('OPTIONS', '/connectors', undefined, { headers: ORIGIN }),
  ask('OPTIONS', '/nope', undefined, {
    headers: { ...ORIGIN, 'access-control-request-method': 'GET' },
  }),
  ask('POST', '/connectors', '{}', { headers: ORIGIN }),
];

const LOGGERS: readonly Step[] = [
  get('/admin/loggers/root'),
  get('/admin/loggers/root', { to: 'admin' }),
  get('/connectors', { to: 'admin' }),
  get('/', { to: 'admin' }),
  get('/health', { to: 'admin' }),
  get('/nope', { to: 'admin' }),
  ask('PUT', '/admin/loggers/org.foo', '{"level":"DEBUG"}', { to: 'admin' }),
  ask('PUT', '/admin/loggers/org.foo', '{}', { to: 'admin' }),
  ask('OPTIONS', '/admin/loggers', undefined, { to: 'admin' }),
];

const basic = (text: string): { readonly headers: Readonly<Record<string, string>> } => ({
  headers: { authorization: text },
});
const encoded = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

const AUTH: readonly Step[] = [
  get('/'),
  get('/', basic(`Basic ${encoded('alice:secret')}`)),
  get('/', basic(`basic ${encoded('alice:secret')}`)),
  get('/', basic(`BASIC ${encoded('alice:secret')}`)),
  get('/', basic(`Basic  ${encoded('alice:secret')}`)),
  get('/', basic(`Basic ${encoded('alice:wrong')}`)),
  get('/', basic(`Basic ${encoded('nobody:secret')}`)),
  get('/', basic(`Basic ${encoded('alice')}`)),
  get('/', basic(`Basic ${encoded(':')}`)),
  get('/', basic(`Basic ${encoded('colon:a:b')}`)),
  get('/', basic(`Basic ${encoded('jürgen:schlüssel')}`)),
  get('/', basic('Basic')),
  get('/', basic('Basic !!!')),
  get('/', basic('Bearer abc')),
  get('/nope'),
  get('/connectors'),
  get('/connectors', basic(`Basic ${encoded('alice:secret')}`)),
  get('/health'),
  get('/admin/loggers/root'),
  ask('OPTIONS', '/connectors'),
  ask('HEAD', '/'),
  ask('POST', '/connectors', '{'),
  ask('POST', '/connectors', 'x', { headers: { 'content-type': 'text/plain' } }),
  ask('POST', '/connectors', '{', basic(`Basic ${encoded('alice:secret')}`)),
  ask('POST', '/connectors/a/tasks', '[]'),
  ask('POST', '/connectors/a/tasks/', '[]'),
  ask('PUT', '/connectors/a/fence'),
  ask('PUT', '/connectors/a/fence/'),
  ask('PUT', '/connectors/a/pause'),
  get('/connectors/a/tasks'),
  ask('POST', '/connectors/a/tasks/0/restart'),
];

const TRACKING: readonly Step[] = [
  get('/connectors/nope/topics'),
  ask('PUT', '/connectors/nope/topics/reset'),
  create('src', SOURCE),
  untilState('src', 'RUNNING'),
  get('/connectors/src/topics'),
  ask('PUT', '/connectors/src/topics/reset'),
  ask('DELETE', '/connectors/src'),
];

const NOTHING = { files: { 'in.txt': 'one\ntwo\n' }, addresses: {} };

export const SERVER_SESSIONS: readonly Session[] = [
  {
    ...NOTHING,
    name: 'cors-and-headers',
    worker: {
      'access.control.allow.origin': 'http://ui.example',
      'access.control.allow.methods': 'GET,PUT',
      'response.http.headers.config':
        'add X-Test-One: a, set X-Test-Two: b, "add X-Test-Three: c, d, e", ' +
        'set X-Frame-Options:DENY, add Cache-Control: no-cache',
    },
    steps: CORS,
  },
  {
    ...NOTHING,
    name: 'cors-of-all',
    worker: { 'access.control.allow.origin': '*' },
    steps: CORS,
  },
  {
    ...NOTHING,
    name: 'cors-of-patterns',
    worker: { 'access.control.allow.origin': 'http://*.example' },
    steps: CORS,
  },
  {
    ...NOTHING,
    name: 'topic-tracking-off',
    worker: { 'topic.tracking.enable': 'false' },
    steps: TRACKING,
  },
  {
    ...NOTHING,
    name: 'topic-reset-off',
    worker: { 'topic.tracking.allow.reset': 'false' },
    steps: TRACKING,
  },
  {
    ...NOTHING,
    name: 'admin-none',
    worker: { 'admin.listeners': '' },
    steps: LOGGERS.filter((step) => 'ask' in step && step.ask.to === undefined),
  },
  {
    ...NOTHING,
    name: 'admin-separate',
    worker: {},
    addresses: { admin: 'admin.listeners' },
    steps: LOGGERS,
  },
  {
    ...NOTHING,
    name: 'basic-auth',
    worker: {
      'rest.extension.classes':
        'org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension',
    },
    files: {
      ...NOTHING.files,
      'jaas.conf':
        'KafkaConnect {\n' +
        '  org.apache.kafka.connect.rest.basic.auth.extension.PropertyFileLoginModule required\n' +
        '  file="users.properties";\n};\n',
      'users.properties': 'alice=secret\ncolon=a:b\nj\\u00fcrgen=schl\\u00fcssel\n',
    },
    steps: AUTH,
  },
  {
    ...NOTHING,
    name: 'basic-auth-admin-separate',
    worker: {
      'rest.extension.classes':
        'org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension',
    },
    addresses: { admin: 'admin.listeners' },
    files: {
      'jaas.conf':
        'KafkaConnect {\n' +
        '  org.apache.kafka.connect.rest.basic.auth.extension.PropertyFileLoginModule required\n' +
        '  file="users.properties";\n};\n',
      'users.properties': 'alice=secret\n',
    },
    steps: LOGGERS,
  },
];
