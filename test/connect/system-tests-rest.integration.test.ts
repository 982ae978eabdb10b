/**
 * What Kafka's system tests ask of a worker's REST API: the facts A1 to A21, as `ConnectRestApiTest` and
 * `test_dynamic_logging` ask for them, of a standalone worker.
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import {
  kafkaTool,
  kcat,
  skipReason,
  startKafka,
  waitUntil,
  type KafkaCluster,
} from '@sluice/testing';
import { START_STOP_MS_MAX, SystemTestWorker } from './support/system-test-worker.ts';

const SUITE = "a worker's REST API, as the system tests use it";
const FILE_SOURCE = 'org.apache.kafka.connect.file.FileStreamSourceConnector';
const FILE_SINK = 'org.apache.kafka.connect.file.FileStreamSinkConnector';
const TASK: Readonly<Record<string, string>> = {
  [FILE_SOURCE]: 'org.apache.kafka.connect.file.FileStreamSourceTask',
  [FILE_SINK]: 'org.apache.kafka.connect.file.FileStreamSinkTask',
};
const MOCK_SINK = 'org.apache.kafka.connect.tools.MockSinkConnector';
const STRING = 'org.apache.kafka.connect.storage.StringConverter';
const OFFSETS_TOPIC = 'topic-test';

const COMMON_KEYS = `name connector.class connector.plugin.version tasks.max tasks.max.enforce
  key.converter key.converter.plugin.version value.converter value.converter.plugin.version
  header.converter header.converter.plugin.version topic file transforms predicates
  config.action.reload errors.retry.timeout errors.retry.delay.max.ms errors.tolerance
  errors.log.enable errors.log.include.messages`.split(/\s+/);
const SOURCE_KEYS = `batch.size topic.creation.groups exactly.once.support transaction.boundary
  transaction.boundary.interval.ms offsets.storage.topic`.split(/\s+/);
const SINK_KEYS = `topics topics.regex errors.deadletterqueue.topic.name
  errors.deadletterqueue.topic.replication.factor
  errors.deadletterqueue.context.headers.enable`.split(/\s+/);

type Json = Readonly<Record<string, unknown>>;
type Loggers = Readonly<
  Record<string, { readonly level: string; readonly last_modified: number | null }>
>;

describe(SUITE, { skip: await skipReason('kafka', SUITE) }, () => {
  let kafka: KafkaCluster;
  let worker: SystemTestWorker;
  /** What the polls before the worker listened were answered. */
  const early = new Set<number>();
  before(async () => {
    kafka = await startKafka();
    worker = await SystemTestWorker.create({
      bootstrapServers: kafka.bootstrapServers,
      external: { 'topic.external': 'test' },
    });
    await worker.start();
    await waitUntil(
      'the worker to listen',
      async () => {
        const { status } = await fetch(`${worker.restUrl}/connectors`);
        early.add(status);
        return status === 200;
      },
      { timeoutMs: START_STOP_MS_MAX, intervalMs: 5 },
    );
  });
  after(async () => {
    await worker?.[Symbol.asyncDispose]();
    await kafka?.[Symbol.asyncDispose]();
  });

  const ask = async (
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly text: string; readonly json: <T>() => T }> => {
    const isBody = body !== undefined;
    const answer = await fetch(`${worker.restUrl}${path}`, {
      method,
      ...(isBody
        ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
        : {}),
    });
    const text = await answer.text();
    return { status: answer.status, text, json: () => JSON.parse(text) };
  };
  const get = async <T>(path: string): Promise<T> => {
    const { status, json } = await ask('GET', path);
    assert.equal(status, 200, path);
    return json<T>();
  };
  const becomes = (what: string, isSo: () => Promise<boolean>): Promise<boolean> =>
    waitUntil(what, isSo, {
      timeoutMs: START_STOP_MS_MAX,
      onTimeout: () => `see ${worker.dir.join('connect.log')}`,
    });
  const stateOf = async (name: string): Promise<string> => {
    const status = await get<{
      readonly connector: { readonly state: string };
      readonly tasks: readonly { readonly id: number; readonly state: string }[];
    }>(`/connectors/${name}/status`);
    return [
      status.connector.state,
      ...status.tasks.map(({ id, state }) => `${id} ${state}`),
    ].join();
  };

  const topic = 'topic-${file:DIR/connect-external-configs.properties:topic.external}';
  const withDir = (text: string): string => text.replace('DIR', worker.dir.path);
  const source = (): Record<string, string> => ({
    name: 'local-file-source',
    'connector.class': FILE_SOURCE,
    'tasks.max': '1',
    file: worker.dir.join('connect.input'),
    topic: withDir(topic),
  });
  const sink = (): Record<string, string> => ({
    name: 'local-file-sink',
    'connector.class': FILE_SINK,
    'tasks.max': '1',
    file: worker.dir.join('connect.output'),
    topics: withDir(topic),
  });

  test('S-A1 GET /connectors of a fresh worker is an empty list, and before it listens never a 5xx', async () => {
    assert.deepEqual(await get('/connectors'), []);
    assert.ok(
      [...early].every((status) => status === 404 || status === 200),
      [...early].join(),
    );
  });

  test('R10.39 test_rest_api: S-A14 the list of plug-ins, asked for with a slash at the end, has both file connectors', async () => {
    const plugins = await get<readonly { readonly class: string }[]>('/connector-plugins/');
    const classes = plugins.map((plugin) => plugin.class);
    assert.ok(classes.includes(FILE_SOURCE) && classes.includes(FILE_SINK));
  });

  test('R10.39 test_rest_api: S-A15 validate answers with the class as asked, no error and exactly these keys', async () => {
    for (const [config, own, missing] of [
      [source(), SOURCE_KEYS, []],
      [sink(), SINK_KEYS, ['topic']],
    ] as const) {
      const className = config['connector.class'];
      const path = `/connector-plugins/${className}/config/validate`;
      const { status, json } = await ask('PUT', path, config);
      assert.equal(status, 200);
      const answer = json<{
        readonly name: string;
        readonly error_count: number;
        readonly configs: readonly { readonly definition: { readonly name: string } }[];
      }>();
      assert.equal(answer.name, className);
      assert.equal(answer.error_count, 0);
      const keys = answer.configs.map(({ definition }) => definition.name);
      const wanted = [
        ...COMMON_KEYS.filter((key) => !missing.some((each) => each === key)),
        ...own,
      ];
      assert.deepEqual(keys.toSorted(), wanted.toSorted());
    }
  });

  test('R10.39 test_rest_api: S-A2 S-W3 S-W5 connectors are created, and lines arrive through a topic that nobody made', async () => {
    const log = await kcat(['-b', kafka.bootstrapServers, '-L']);
    assert.doesNotMatch(log, new RegExp(`"${OFFSETS_TOPIC}"`));
    // Numbers and booleans count as their texts; the sink comes before there is a topic.
    for (const config of [sink(), source()]) {
      const body = { name: config['name'], config: { ...config, 'tasks.max': 1 } };
      const { status, json } = await ask('POST', '/connectors', body);
      assert.equal(status, 201);
      assert.deepEqual(json<{ readonly config: Json }>().config, config);
    }
    await becomes('both connectors to be listed', async () => {
      const names = await get<readonly string[]>('/connectors');
      return names.toSorted().join() === 'local-file-sink,local-file-source';
    });
    await writeFile(worker.dir.join('connect.input'), 'foo\nbar\nbaz\n');
    await becomes(
      'three lines',
      async () => (await worker.read('connect.output')) === 'foo\nbar\nbaz\n',
    );
    assert.match(
      await kcat(['-b', kafka.bootstrapServers, '-L']),
      new RegExp(`"${OFFSETS_TOPIC}"`),
    );
  });

  test('R10.39 test_rest_api: S-A3 the same again is 409', async () => {
    const { status, json } = await ask('POST', '/connectors', {
      name: 'local-file-source',
      config: source(),
    });
    assert.equal(status, 409);
    assert.deepEqual(json(), {
      error_code: 409,
      message: 'Connector local-file-source already exists',
    });
  });

  test('R10.39 test_rest_api: S-A4 S-A5 S-A6 connector, config and tasks are told with references unresolved', async () => {
    for (const [config, type] of [
      [source(), 'source'],
      [sink(), 'sink'],
    ] as const) {
      const { name = '', 'connector.class': className = '' } = config;
      assert.deepEqual(await get(`/connectors/${name}`), {
        name,
        config,
        tasks: [{ connector: name, task: 0 }],
        type,
      });
      assert.deepEqual(await get(`/connectors/${name}/config`), config);
      assert.deepEqual(await get(`/connectors/${name}/tasks`), [
        { id: { connector: name, task: 0 }, config: { ...config, 'task.class': TASK[className] } },
      ]);
    }
  });

  test('R10.39 test_rest_api: S-A7 a new config is taken, and the lines of the new file arrive', async () => {
    await writeFile(worker.dir.join('other.input'), 'razz\ndazz\n');
    const config = { ...source(), file: worker.dir.join('other.input') };
    const { status, json } = await ask('PUT', '/connectors/local-file-source/config', config);
    assert.equal(status, 200);
    assert.deepEqual(json<{ readonly config: Json }>().config, config);
    await becomes(
      'five lines',
      async () => (await worker.read('connect.output')) === 'foo\nbar\nbaz\nrazz\ndazz\n',
    );
  });

  test('S-A9 the status tells connector and tasks; of a connector that is not there it is 404', async () => {
    await becomes(
      'RUNNING',
      async () => (await stateOf('local-file-sink')) === 'RUNNING,0 RUNNING',
    );
    const { status, json } = await ask('GET', '/connectors/nobody/status');
    assert.equal(status, 404);
    assert.deepEqual(json(), { error_code: 404, message: 'No status found for connector nobody' });
  });

  test('S-A10 pause and resume are 202, and the status follows', async () => {
    assert.equal((await ask('PUT', '/connectors/local-file-sink/pause')).status, 202);
    await becomes('PAUSED', async () => (await stateOf('local-file-sink')) === 'PAUSED,0 PAUSED');
    assert.equal((await ask('PUT', '/connectors/local-file-sink/resume')).status, 202);
    await becomes(
      'RUNNING',
      async () => (await stateOf('local-file-sink')) === 'RUNNING,0 RUNNING',
    );
  });

  test('S-A11 S-A12 S-C5 a mock connector that fails is back after each form of restart', async () => {
    const config = { 'connector.class': MOCK_SINK, topics: 'mock', 'tasks.max': 1 };
    const mode = { mock_mode: 'connector-failure', delay_ms: 300 };
    const { status } = await ask('POST', '/connectors', {
      name: 'mock-sink',
      config: { ...config, ...mode },
    });
    assert.equal(status, 201);
    for (const [query, answer] of [
      ['', 204],
      ['?onlyFailed=true&includeTasks=false', 202],
    ] as const) {
      await becomes('FAILED', async () => (await stateOf('mock-sink')) === 'FAILED,0 RUNNING');
      assert.equal((await ask('POST', `/connectors/mock-sink/restart${query}`)).status, answer);
      await becomes('RUNNING', async () => (await stateOf('mock-sink')) === 'RUNNING,0 RUNNING');
    }
    await ask('DELETE', '/connectors/mock-sink');
  });

  test('S-A12 S-A13 S-C5 a mock task that fails, without a single record, is back after each form of restart', async () => {
    const config = { 'connector.class': MOCK_SINK, topics: 'mock', 'tasks.max': 1 };
    const mode = { mock_mode: 'task-failure', delay_ms: 300 };
    const { status } = await ask('POST', '/connectors', {
      name: 'mock-sink',
      config: { ...config, ...mode },
    });
    assert.equal(status, 201);
    for (const [path, answer] of [
      ['tasks/0/restart', 204],
      ['restart?onlyFailed=true&includeTasks=true', 202],
      ['restart?onlyFailed=false&includeTasks=true', 202],
    ] as const) {
      await becomes('FAILED', async () => (await stateOf('mock-sink')) === 'RUNNING,0 FAILED');
      assert.equal((await ask('POST', `/connectors/mock-sink/${path}`)).status, answer);
      await becomes('RUNNING', async () => (await stateOf('mock-sink')) === 'RUNNING,0 RUNNING');
    }
    await ask('DELETE', '/connectors/mock-sink');
  });

  test('R10.39 test_rest_api: S-A8 DELETE is 204 without a body, and the list is empty', async () => {
    for (const name of ['local-file-source', 'local-file-sink']) {
      const { status, text } = await ask('DELETE', `/connectors/${name}`);
      assert.deepEqual([status, text], [204, '']);
    }
    await becomes('an empty list', async () => (await ask('GET', '/connectors')).text === '[]');
  });

  test('S-C6 R10.37 test_transformations: HoistField and InsertField through schemaless records into JSON with schemas', async () => {
    const name = 'transformed';
    await writeFile(worker.dir.join('transformed.input'), 'one\ntwo\nthree\n');
    const { status } = await ask('POST', '/connectors', {
      name,
      config: {
        ...source(),
        name,
        topic: name,
        file: worker.dir.join('transformed.input'),
        'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
        'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
        'key.converter.schemas.enable': true,
        'value.converter.schemas.enable': true,
        transforms: 'hoistToStruct,insertTimestampField',
        'transforms.hoistToStruct.type': 'org.apache.kafka.connect.transforms.HoistField$Value',
        'transforms.hoistToStruct.field': 'content',
        'transforms.insertTimestampField.type':
          'org.apache.kafka.connect.transforms.InsertField$Value',
        'transforms.insertTimestampField.timestamp.field': 'the_timestamp',
      },
    });
    assert.equal(status, 201);
    const read = ['-b', kafka.bootstrapServers, '-C', '-t', name, '-o', 'beginning', '-e', '-q'];
    const lines = await waitUntil(
      'three records',
      async () => {
        const found = (await kcat([...read, '-f', '%T %s\\n'])).split('\n').slice(0, -1);
        return found.length >= 3 ? found : null;
      },
      { timeoutMs: START_STOP_MS_MAX },
    );
    const schema = {
      type: 'struct',
      fields: [
        { field: 'content', type: 'string', optional: false },
        {
          field: 'the_timestamp',
          name: 'org.apache.kafka.connect.data.Timestamp',
          type: 'int64',
          version: 1,
          optional: true,
        },
      ],
      optional: false,
    };
    assert.equal(lines.length, 3);
    for (const [i, content] of ['one', 'two', 'three'].entries()) {
      const [, timestamp = '', json = ''] = /^(\d+) (.*)$/.exec(lines[i] ?? '') ?? [];
      const payload = { content, the_timestamp: Number(timestamp) };
      assert.deepEqual(JSON.parse(json), { schema, payload });
    }
    await ask('DELETE', `/connectors/${name}`);
  });

  test('R10.33 test_dynamic_logging: S-A16 S-A17 root and at least two more, of more than one name space, unmodified on a fresh worker', async () => {
    const loggers = await get<Loggers>('/admin/loggers');
    const [first = '', ...others] = Object.keys(loggers).filter((name) => name !== 'root');
    assert.ok(Object.hasOwn(loggers, 'root') && others.length > 0);
    assert.ok(others.some((name) => !name.startsWith(first)));
    assert.ok(Object.values(loggers).every(({ last_modified: when }) => when === null));
    assert.deepEqual(await get(`/admin/loggers/${first}`), loggers[first]);
  });

  test('R10.33 test_dynamic_logging, R10.21: S-A18 a name space is set in this worker alone, and only what is below it is told', async () => {
    const before = await get<Loggers>('/admin/loggers');
    const space = Object.keys(before).find((name) => name !== 'root') ?? '';
    const askedMs = Date.now();
    const { status, json } = await ask('PUT', `/admin/loggers/${space}?scope=worker`, {
      level: 'ERROR',
    });
    assert.equal(status, 200);
    const affected = json<readonly string[]>();
    assert.ok(affected.length > 0 && affected.every((name) => name.startsWith(space)));
    const after = await get<Loggers>('/admin/loggers');
    for (const [name, { level, last_modified: when }] of Object.entries(after)) {
      if (!affected.includes(name)) assert.deepEqual({ level, last_modified: when }, before[name]);
      else assert.ok(level === 'ERROR' && when !== null && when >= askedMs, name);
    }
  });

  test('R10.33 test_dynamic_logging: S-A19 scope=cluster is 204 and reaches this worker too', async () => {
    const { status, text } = await ask('PUT', '/admin/loggers/org.apache?scope=cluster', {
      level: 'DEBUG',
    });
    assert.deepEqual([status, text], [204, '']);
    await becomes('DEBUG below org.apache', async () =>
      Object.entries(await get<Loggers>('/admin/loggers')).every(
        ([name, { level }]) => !name.startsWith('org.apache') || level === 'DEBUG',
      ),
    );
  });

  test('R10.33 test_dynamic_logging: S-A20 root sets every logger; what a logger has already changes nothing, and the list does not grow', async () => {
    const askedMs = Date.now();
    await ask('PUT', '/admin/loggers/root?scope=worker', { level: 'WARN' });
    const once = await get<Loggers>('/admin/loggers');
    for (const [name, { level, last_modified: when }] of Object.entries(once))
      assert.ok(level === 'WARN' && when !== null && when >= askedMs, name);
    const { status, json } = await ask('PUT', '/admin/loggers/root', { level: 'WARN' });
    assert.deepEqual([status, json()], [200, []]);
    assert.deepEqual(await get('/admin/loggers'), once);
  });

  test('R10.33 test_dynamic_logging: S-A21 after a restart all levels are as at first', async () => {
    await worker.stop();
    await worker.startAndListen();
    const loggers = await get<Loggers>('/admin/loggers');
    for (const [name, { level, last_modified: when }] of Object.entries(loggers))
      assert.deepEqual({ level, when }, { level: 'INFO', when: null }, name);
  });

  test('S-W6 consumer.override.group.protocol is allowed by default, and both protocols read the topic', async () => {
    for (const protocol of ['classic', 'consumer']) {
      const name = `sink-${protocol}`;
      const file = worker.dir.join(`${name}.output`);
      const { status } = await ask('POST', '/connectors', {
        name,
        config: {
          ...sink(),
          name,
          file,
          'key.converter': STRING,
          'consumer.override.group.protocol': protocol,
        },
      });
      assert.equal(status, 201);
      await becomes(
        `the lines by ${protocol}`,
        async () => (await readFile(file, 'utf8')) === 'foo\nbar\nbaz\nrazz\ndazz\n',
      );
      await ask('DELETE', `/connectors/${name}`);
    }
    const servers = ['--bootstrap-server', kafka.bootstrapServers];
    const { stdout } = await kafkaTool('ConsumerGroupCommand', [...servers, '--list', '--type']);
    assert.match(stdout, /^connect-sink-classic\s+Classic\s*$/m);
    assert.match(stdout, /^connect-sink-consumer\s+Consumer\s*$/m);
  });
});
