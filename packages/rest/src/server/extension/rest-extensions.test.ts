import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import {
  ConfigError,
  type ConnectRestExtension,
  type Logger,
  type Props,
  type RestExtensionContext,
} from '@sluice/api';
import { makeTempDir } from '@sluice/testing';
import { FakeHerder } from '../../../test/fake-herder.ts';
import { send } from '../../../test/parity/exchange.ts';
import { RestServer } from '../rest-server.ts';
import { parseBasicCredentials } from './basic-auth/basic-credentials.ts';
import { parseJaasFile } from './basic-auth/jaas-file.ts';
import { parseUsersFile } from './basic-auth/users-file.ts';

const silent = (): void => undefined;
const logger: Logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };
const LISTENERS = { listeners: 'http://127.0.0.1:0' };
const BASIC_AUTH =
  'org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension';
const LOGIN_MODULE = 'org.apache.kafka.connect.rest.basic.auth.extension.PropertyFileLoginModule';

/** An extension that notes what it was told, adds a header check and a route. */
class NotingExtension implements ConnectRestExtension {
  readonly notes: string[];

  constructor(notes: string[]) {
    this.notes = notes;
  }
  configure(props: Props): void {
    this.notes.push(`configured with ${props['my.key']}`);
  }
  register(context: RestExtensionContext): void {
    const { clusterState } = context;
    this.notes.push(`registered in ${clusterState.kafkaClusterId}`);
    context.addFilter(({ headers }) =>
      Promise.resolve(
        headers['x-token'] === 'good'
          ? null
          : { status: 403, contentType: 'text/plain', body: 'no token' },
      ),
    );
    context.addRoute('GET', '/my/health/:name', async () => {
      const { connector, tasks } = await clusterState.connectorHealth('a');
      const body = `${connector.state} ${tasks.size} ${(await clusterState.connectors()).join()}`;
      return { status: 200, contentType: 'text/plain', body };
    });
  }
  close(): void {
    this.notes.push('closed');
  }
}

test('R7.06 an extension guards every path, adds its own, and is closed', async () => {
  const notes: string[] = [];
  const asked: string[] = [];
  const props = { ...LISTENERS, 'rest.extension.classes': 'my.Extension', 'my.key': 'v' };
  const server = await RestServer.start({
    props,
    logger,
    loadExtension: (name) => {
      asked.push(name);
      return Promise.resolve(new NotingExtension(notes));
    },
  });
  const herder = new FakeHerder();
  server.mount(herder);
  await herder.putConnectorConfig('a', {}, { allowReplace: false });
  const ask = (path: string, token: string): ReturnType<typeof send> =>
    send(server.localUrl, { method: 'GET', path, headers: { 'x-token': token } });
  const refused = await ask('/connectors', 'bad');
  assert.deepEqual([refused.status, refused.body], [403, 'no token']);
  assert.equal((await ask('/connectors', 'good')).body, '["a"]');
  const own = await ask('/my/health/x', 'good');
  assert.deepEqual([own.status, own.body], [200, 'RUNNING 1 a']);
  assert.equal((await ask('/my/health/x', 'bad')).status, 403);
  await server.close();
  assert.deepEqual(asked, ['my.Extension']);
  assert.deepEqual(notes, ['configured with v', 'registered in cluster-1', 'closed']);
});

test('R7.06 a class that is not here is a config error that says so', async () => {
  const props = { ...LISTENERS, 'rest.extension.classes': 'com.example.JavaExtension' };
  await assert.rejects(RestServer.start({ props, logger }), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, /rest\.extension\.classes.*Java classes do not run/);
    return true;
  });
});

test('R7.06 extensions are registered in the order of the config, and see the cluster', async () => {
  const seen: unknown[] = [];
  const extension = (name: string): ConnectRestExtension => ({
    configure: () => undefined,
    register: (context) => {
      const { clusterState } = context;
      seen.push(name);
      context.addRoute('GET', `/${name}`, async () => {
        const { type, connector, tasks } = await clusterState.connectorHealth('a');
        const config = await clusterState.connectorConfig('a');
        seen.push([type, connector.workerId, tasks.get(0)?.state, config]);
        return { status: 200, contentType: 'text/plain', body: clusterState.kafkaClusterId };
      });
    },
  });
  await using server = await RestServer.start({
    props: { ...LISTENERS, 'rest.extension.classes': 'second, first' },
    logger,
    loadExtension: (name) => Promise.resolve(extension(name)),
  });
  const herder = new FakeHerder();
  await herder.putConnectorConfig('a', { x: '1' }, { allowReplace: false });
  server.mount(herder);
  const { body } = await send(server.localUrl, { method: 'GET', path: '/first' });
  assert.equal(body, 'cluster-1');
  assert.deepEqual(seen, ['second', 'first', ['source', 'worker:8083', 'RUNNING', { x: '1' }]]);
});

test('Basic auth: whatever keeps it from working is told at the start', async () => {
  await using dir = await makeTempDir('basic-auth');
  const jaas = dir.join('jaas.conf');
  const start = (props: Props, kafkaOpts = ''): Promise<RestServer> =>
    RestServer.start({
      props: { ...LISTENERS, 'rest.extension.classes': 'BasicAuthSecurityRestExtension', ...props },
      environment: { KAFKA_OPTS: kafkaOpts },
      logger,
    });
  await assert.rejects(start({}), /needs a JAAS file: set KAFKA_OPTS/);
  await assert.rejects(start({ 'sluice.rest.jaas.file': jaas }), /The JAAS file can't be read/);
  for (const [text, words] of [
    ['Other { a.B required; };', /has no section KafkaConnect/],
    ['KafkaConnect { a.B required; };', /login module a\.B, a Java class/],
    [`KafkaConnect { ${LOGIN_MODULE} required; };`, /Credentials file must be specified/],
    [`KafkaConnect { ${LOGIN_MODULE} required file="no.such"; };`, /Error loading Property/],
    [`KafkaConnect { ${LOGIN_MODULE} always; };`, /has no flag/],
  ] as const) {
    await writeFile(jaas, text);
    await assert.rejects(start({ 'sluice.rest.jaas.file': jaas }), words, text);
  }
});

test('R7.07 Basic auth: an empty file admits everybody, and flags work as JAAS says', async () => {
  await using dir = await makeTempDir('basic-auth');
  const path = (name: string): string => dir.join(name);
  await writeFile(path('none'), '# nobody\n');
  await writeFile(path('one'), 'alice=one\n');
  await writeFile(path('two'), 'alice=two\n');
  const module = (file: string, flag: string): string =>
    `${LOGIN_MODULE} ${flag} file="${path(file)}";`;
  const statusWith = async (password: string, ...modules: readonly string[]): Promise<number> => {
    await writeFile(path('jaas.conf'), `KafkaConnect { ${modules.join(' ')} };`);
    const props = { ...LISTENERS, 'rest.extension.classes': BASIC_AUTH };
    const environment = {
      KAFKA_OPTS: `-Xmx1g -Djava.security.auth.login.config="${path('jaas.conf')}" -Dx=y`,
    };
    await using server = await RestServer.start({ props, environment, logger });
    server.mount(new FakeHerder());
    const authorization = `Basic ${Buffer.from(`alice:${password}`).toString('base64')}`;
    const asked = { method: 'GET', path: '/connectors', headers: { authorization } };
    return (await send(server.localUrl, asked)).status;
  };
  assert.equal(await statusWith('x', module('none', 'required')), 200);
  assert.equal(await statusWith('one', module('one', 'required')), 200);
  assert.equal(await statusWith('two', module('one', 'required'), module('two', 'required')), 401);
  assert.equal(
    await statusWith('two', module('one', 'sufficient'), module('two', 'required')),
    200,
  );
  assert.equal(
    await statusWith('one', module('one', 'sufficient'), module('two', 'required')),
    200,
  );
  assert.equal(await statusWith('one', module('one', 'optional'), module('two', 'optional')), 200);
  assert.equal(
    await statusWith('two', module('one', 'requisite'), module('two', 'sufficient')),
    401,
  );
  assert.equal(await statusWith('x', module('one', 'optional'), module('two', 'optional')), 401);
});

test('a JAAS file has comments, quotes, several sections and modules', () => {
  const sections = parseJaasFile(
    '/* both */ A { a.B required x="1 {;}" y = z; c.D OPTIONAL q="a\\"b"; };\n// no\n# no\nE { };',
    'file',
  );
  const [first, second] = sections.get('A') ?? [];
  assert.deepEqual(
    [first?.module, first?.flag, [...(first?.options ?? [])]],
    [
      'a.B',
      'required',
      [
        ['x', '1 {;}'],
        ['y', 'z'],
      ],
    ],
  );
  assert.deepEqual([second?.flag, second?.options.get('q')], ['optional', 'a"b']);
  assert.deepEqual(sections.get('E'), []);
  for (const bad of ['A {', 'A { x required y; };', 'A { x required y="', 'A { x required; }'])
    assert.throws(() => parseJaasFile(bad, 'file'), /The JAAS file file can't be read/, bad);
});

test("a users file is read as Java's properties are", () => {
  const text =
    '# comment\n! comment\n\n a = one\nb:two\nc three\nd\\ e=f\\tg\nlong=a\\\n   b\nu=\\u00fc\nempty\n';
  assert.deepEqual(
    [...parseUsersFile(Buffer.from(text))],
    [
      ['a', 'one'],
      ['b', 'two'],
      ['c', 'three'],
      ['d e', 'f\tg'],
      ['long', 'ab'],
      ['u', 'ü'],
      ['empty', ''],
    ],
  );
  assert.deepEqual([...parseUsersFile(Buffer.from([0xfc, 0x3d, 0xe4]))], [['ü', 'ä']]);
});

test('credentials without a colon, of another scheme, or none are none; no base64 is 500', () => {
  const encoded = Buffer.from('a:b:c').toString('base64');
  assert.deepEqual(parseBasicCredentials(`bAsIc ${encoded}`), { user: 'a', password: 'b:c' });
  for (const none of [null, 'Basic', 'Bearer x', `Basic ${btoa('a')}`, `Basic ${btoa(':a')}`])
    assert.equal(parseBasicCredentials(none), null);
  assert.throws(() => parseBasicCredentials('Basic !'), /Illegal base64 character 21/);
  assert.throws(() => parseBasicCredentials('Basic YWJjZ'), /wrong 4-byte ending unit/);
});
