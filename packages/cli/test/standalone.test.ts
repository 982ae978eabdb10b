import assert from 'node:assert/strict';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { RestClient } from '@sluice/rest/client';
import {
  freePort,
  makeTempDir,
  startDevBrokerForTest,
  startSluice,
  waitUntil,
  type DevBrokerServer,
  type SluiceProcess,
  type TempDir,
} from '@sluice/testing';

let directory: TempDir;
let broker: DevBrokerServer;

before(async () => {
  directory = await makeTempDir('cli');
  broker = await startDevBrokerForTest();
});
after(async () => {
  await broker[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
});

const CONVERTER = 'org.apache.kafka.connect.storage.StringConverter';
let files = 0;

async function file(name: string, text: string): Promise<string> {
  const path = directory.join(`${files++}-${name}`);
  await writeFile(path, text);
  return path;
}

/** A worker's properties; a null leaves a key out. */
async function workerFile(changes: Readonly<Record<string, string | null>> = {}): Promise<string> {
  const props = {
    'bootstrap.servers': broker.bootstrapServers,
    'key.converter': CONVERTER,
    'value.converter': CONVERTER,
    'offset.storage.file.filename': directory.join(`${files++}.offsets`),
    listeners: `http://127.0.0.1:${await freePort()}`,
    ...changes,
  };
  const lines = Object.entries(props).filter(([, value]) => value !== null);
  return file('worker.properties', lines.map(([key, value]) => `${key}=${value}\n`).join(''));
}

/** Runs it to its end. */
async function run(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly output: string }> {
  await using sluice = await startSluice({ args: ['standalone', ...args] });
  const { code } = await sluice.exited;
  return { code, output: sluice.output };
}

test('R9.01 without arguments, and with --help, it prints usage and exits with 1', async () => {
  for (const args of [[], ['--help'], ['--nonsense']]) {
    const { code, output } = await run(...args);
    assert.equal(code, 1);
    assert.match(output, /Usage: sluice standalone worker\.properties \[connector1\.properties/);
  }
});

test('R9.01 a worker file that is not there exits with 2 and is named', async () => {
  const { code, output } = await run('/nope/worker.properties');
  assert.equal(code, 2);
  assert.match(
    output,
    /Can't read the worker properties \/nope\/worker\.properties: there is no such file/,
  );
});

test('malformed properties exit with 2 and tell line and column', async () => {
  const path = await file('worker.properties', '# x\npath=C:\\users\n');
  const { code, output } = await run(path);
  assert.equal(code, 2);
  assert.match(output, /worker\.properties:2:8: Malformed .*line 2, column 8/);
});

test('R9.01 a missing key exits with 2 and is named', async () => {
  const { code, output } = await run(await workerFile({ 'key.converter': null }));
  assert.equal(code, 2);
  assert.match(
    output,
    /Missing required configuration "key\.converter" which has no default value/,
  );
});

test('R9.01 an unknown converter exits with 2 and the nearest is named', async () => {
  const { code, output } = await run(await workerFile({ 'value.converter': 'JsonConvertor' }));
  assert.equal(code, 2);
  assert.match(
    output,
    /Class JsonConvertor could not be found\. Did you mean org\.apache\.kafka\.connect\.json\.JsonConverter\?/,
  );
});

test('a port in use exits with 2 and names port and key', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const { code, output } = await run(await workerFile({ listeners: `http://127.0.0.1:${port}` }));
  other.close();
  assert.equal(code, 2);
  assert.match(output, new RegExp(`port ${port} is in use .*change "listeners"`));
});

test('R9.01 R2.25 no broker: it says what it tries, how long and which key to change, and exits with 2', async () => {
  const path = await workerFile({
    'bootstrap.servers': `127.0.0.1:${await freePort()}`,
    'default.api.timeout.ms': '6500',
    'request.timeout.ms': '1000',
  });
  const { code, output } = await run(path);
  assert.equal(code, 2);
  assert.match(
    output,
    /WARN No broker has answered at bootstrap\.servers=127.* for 5 s \(giving up after 7 s\)/,
  );
  assert.match(output, /Failed to connect to and describe Kafka cluster\./);
  assert.match(output, /change "bootstrap\.servers" in .*worker\.properties/);
});

test('a stop signal while no broker answers ends the wait at once', async () => {
  const path = await workerFile({ 'bootstrap.servers': `127.0.0.1:${await freePort()}` });
  await using sluice = await startSluice({ args: ['standalone', path] });
  await sluice.outputMatches(/No broker has answered/);
  // It would go on for a minute: long before that it is gone, however loaded the machine is.
  const { code } = await sluice.stop(30_000);
  assert.equal(code, 0);
});

test('R9.01 an offsets file that cannot be written exits with 3 and the key is named', async () => {
  const path = await workerFile({ 'offset.storage.file.filename': '/nope/x.offsets' });
  const { code, output } = await run(path);
  assert.equal(code, 3);
  assert.match(output, /\/nope\/x\.offsets can't be used: .*offset\.storage\.file\.filename/);
});

test('R9.02 a connector file that is not there, broken or incomplete exits with 3', async () => {
  const worker = await workerFile();
  const cases = [
    ['/nope/c.json', /Can't read the connector file \/nope\/c\.json: there is no such file/],
    [
      await file('c.json', '{"name":"a",\n"config":{,}}'),
      /c\.json:2:11: Unexpected character.*line 2, column 11/,
    ],
    [await file('c.properties', 'x=\\u1'), /c\.properties:1:3: Malformed/],
    [await file('c.json', '{"x":"1"}'), /missing the mandatory 'name' configuration/],
    [
      await file('c.json', '{"name":"a"}'),
      /Connector config \{name=a\} contains no connector type/,
    ],
    [
      await file('c.json', '{"name":"a","connector.class":"FileStreamSorce"}'),
      /which name matches FileStreamSorce, .*Did you mean org\.apache\.kafka\.connect\.file\.FileStreamSourceConnector\?/,
    ],
    [
      await file('c.json', '{"name":"a","connector.class":"FileStreamSource"}'),
      /Missing required configuration "topic" which has no default value/,
    ],
  ] as const;
  for (const [path, message] of cases) {
    const { code, output } = await run(worker, path);
    assert.equal(code, 3, path);
    assert.match(output, message);
    assert.match(output, /Stopping after connector error/);
  }
});

async function started(
  worker: string,
  ...connectors: readonly string[]
): Promise<{ readonly sluice: SluiceProcess; readonly client: RestClient }> {
  const sluice = await startSluice({ args: ['standalone', worker, ...connectors] });
  try {
    const [, baseUrl = ''] = await sluice.outputMatches(/server is started at (http:\S+)/);
    await sluice.outputMatches(/Kafka Connect started/);
    return { sluice, client: new RestClient({ baseUrl }) };
  } catch (error) {
    await sluice[Symbol.asyncDispose]();
    throw error;
  }
}

test('R9.02 connectors of files of every form are created, and REST tells of them', async () => {
  const input = await file('in.txt', 'one\ntwo\n');
  const config = { 'connector.class': 'FileStreamSource', topic: 'cli-forms', file: input };
  const flat = await file('flat.json', JSON.stringify({ name: 'flat', ...config }));
  const wrapped = await file(
    'wrapped.json',
    JSON.stringify({ name: 'wrapped', config, initial_state: 'STOPPED' }),
  );
  const text = Object.entries({ name: 'props', ...config }).map(
    ([key, value]) => `${key}=${value}`,
  );
  const { sluice, client } = await started(
    await workerFile(),
    flat,
    wrapped,
    await file('c.properties', text.join('\n')),
  );
  await using _sluice = sluice;
  assert.deepEqual([...(await client.connectors())].sort(), ['flat', 'props', 'wrapped']);
  assert.equal((await client.connectorStatus('wrapped')).connector.state, 'STOPPED');
  await sluice.waitUntil('the task to run', async () => {
    const { connector, tasks } = await client.connectorStatus('flat');
    return connector.state === 'RUNNING' && tasks[0]?.state === 'RUNNING';
  });
  assert.match((await client.serverInfo()).version, /^4\.3\.1-sluice/);
  assert.equal((await client.health()).status, 'healthy');
  const { code } = await sluice.stop(10_000);
  assert.equal(code, 0);
  assert.match(sluice.output, /Kafka Connect stopped/);
});

test('R1.06 R1.67 R1.68 levels change over REST, that of the access log with them', async () => {
  const { sluice, client } = await started(await workerFile());
  await using _sluice = sluice;
  await client.connectors();
  const line =
    /INFO \S+ - - \[.*\] "GET \/connectors HTTP\/1\.1" 200 2 .* \d+ \(\S+\.RestServer\)\n/;
  await sluice.outputMatches(line);
  const before = await client.loggers();
  assert.ok(Object.hasOwn(before, 'root') && Object.keys(before).length >= 3);
  const logger = 'org.apache.kafka.connect.runtime.rest.RestServer';
  assert.ok((await client.setLogLevel(logger, 'debug')).includes(logger));
  assert.equal((await client.loggers())[logger]?.level, 'DEBUG');
  await client.setLogLevel(logger, 'warn');
  await client.serverInfo();
  await client.setLogLevel(logger, 'info');
  await client.health();
  await sluice.outputMatches(/"GET \/health HTTP/);
  assert.doesNotMatch(sluice.output, /"GET \/ HTTP/);
});

test('R9.06 an empty name of a worker file means that there are no properties', async () => {
  const { code, output } = await run('');
  assert.equal(code, 2);
  assert.match(output, /Missing required configuration "key\.converter"/);
});

test('R9.03 R9.06 brokers, REST, connectors, then it has started; at the end the other way', async () => {
  const input = await file('in.txt', 'one\n');
  const config = { name: 'order', 'connector.class': 'FileStreamSource', topic: 'o', file: input };
  const { sluice, client } = await started(
    await workerFile(),
    await file('order.json', JSON.stringify(config)),
  );
  await using _sluice = sluice;
  await sluice.outputMatches(/\[order\|task-0\] Source task finished initialization/);
  const baseUrl = /server is started at (http:\S+)\//.exec(sluice.output)?.[1] ?? '';
  assert.equal((await client.health()).status, 'healthy');
  assert.equal((await sluice.stop(20_000)).code, 0);
  const at = [
    /Kafka cluster ID: /,
    /server is started at /,
    /Created connector order/,
    /Kafka Connect started/,
    /Kafka Connect stopping/,
    /Kafka Connect stopped/,
  ].map((pattern) => sluice.output.search(pattern));
  assert.ok(!at.includes(-1), at.join());
  assert.deepEqual(
    at,
    [...at].sort((a, b) => a - b),
  );
  await assert.rejects(fetch(baseUrl));
});

test('R9.09 the settings of the sample worker file start as they are', async () => {
  const json = 'org.apache.kafka.connect.json.JsonConverter';
  const sample = {
    'key.converter': json,
    'value.converter': json,
    'key.converter.schemas.enable': 'true',
    'value.converter.schemas.enable': 'true',
    'offset.flush.interval.ms': '10000',
  };
  const { sluice, client } = await started(await workerFile(sample));
  await using _sluice = sluice;
  assert.equal((await client.health()).status, 'healthy');
  const problems = sluice.output.split('\n').filter((line) => / (WARN|ERROR) /.test(line));
  assert.deepEqual(
    problems.filter((line) => !/The offsets file \S+ does not exist yet/.test(line)),
    [],
  );
});

test('R2.25 unknown worker keys are told with the nearest known one', async () => {
  const { sluice } = await started(await workerFile({ 'offset.flush.intervall.ms': '5' }));
  await using _sluice = sluice;
  assert.match(
    sluice.output,
    /WARN The worker key "offset\.flush\.intervall\.ms" is not known .*did you mean "offset\.flush\.interval\.ms"\?/,
  );
});

test('jars and missing directories in plugin.path are told and stop nothing', async () => {
  const path = directory.join('plugins');
  await mkdir(path, { recursive: true });
  await writeFile(directory.join('plugins', 'debezium.jar'), '');
  const { sluice } = await started(await workerFile({ 'plugin.path': `${path}, /nope/plugins` }));
  await using _sluice = sluice;
  assert.match(sluice.output, /WARN plugin\.path .* holds 1 Java plug-in file/);
  assert.match(sluice.output, /WARN plugin\.path \/nope\/plugins can't be read \(ENOENT\)/);
});

test('S-P2 the process of the command is the worker, by a link and without a Node on PATH', async () => {
  const link = directory.join('sluice');
  const script = new URL('../bin/sluice', import.meta.url).pathname;
  await symlink(script, link);
  await chmod(script, 0o755);
  const { OwnedProcess } = await import('@sluice/testing');
  const child = await OwnedProcess.start({
    what: 'bin/sluice',
    command: link,
    args: ['standalone', await workerFile()],
    env: { PATH: '/usr/bin:/bin', NODE_OPTIONS: undefined, NODE_TEST_CONTEXT: undefined },
  });
  await using _child = child;
  const hasStarted = (): boolean => !child.isRunning || child.output.includes('Connect started');
  await waitUntil('it to have started', hasStarted, { timeoutMs: 60_000 });
  const { readFile } = await import('node:fs/promises');
  const command = await readFile(`/proc/${child.pid}/cmdline`, 'utf8');
  assert.match(command.split('\0')[0] ?? '', /bin\/node$/);
  child.signal('SIGTERM');
  assert.equal((await child.exited).code, 0);
});
