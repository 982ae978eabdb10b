import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { RestClient } from '@sluice/rest/client';
import {
  freePort,
  makeTempDir,
  startDevBrokerForTest,
  startSluice,
  type DevBrokerServer,
  type TempDir,
} from '@sluice/testing';

const CONVERTER = 'org.apache.kafka.connect.storage.StringConverter';
const PROVIDER = 'org.apache.kafka.common.config.provider.FileConfigProvider';
const CANARY = 'canary-4711';

let directory: TempDir;
let broker: DevBrokerServer;
let secrets = '';

before(async () => {
  directory = await makeTempDir('origins');
  broker = await startDevBrokerForTest();
  secrets = await file('secrets.properties', `secret=${CANARY}\n`);
});
after(async () => {
  await broker[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
});

async function file(name: string, text: string): Promise<string> {
  await writeFile(directory.join(name), text);
  return directory.join(name);
}

/** A worker file of six lines, its provider in lines 1 and 2, with more lines behind. */
async function workerFile(name: string, ...more: readonly string[]): Promise<string> {
  const lines = [
    'config.providers=file',
    `config.providers.file.class=${PROVIDER}`,
    `bootstrap.servers=${broker.bootstrapServers}`,
    `key.converter=${CONVERTER}`,
    `value.converter=${CONVERTER}`,
    `offset.storage.file.filename=${directory.join(`${name}.offsets`)}`,
    ...more,
  ];
  return file(name, lines.join('\n'));
}

/** A connector file whose first two lines are right, with more lines behind. */
async function connectorFile(name: string, ...more: readonly string[]): Promise<string> {
  const lines = ['"name": "c"', '"connector.class": "FileStreamSource"', '"topic": "t"', ...more];
  return file(name, `{${lines.join(',\n')}}`);
}

async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  await using sluice = await startSluice({ args, env });
  const { code } = await sluice.exited;
  return { code, output: sluice.output };
}

test('a worker that cannot start tells the line of the key that is wrong', async () => {
  const wrong = await workerFile('wrong.properties', '', 'offset.flush.interval.ms=soon');
  for (const args of [
    ['standalone', wrong],
    ['validate', wrong],
    ['lint', '--worker', wrong, '/x'],
  ]) {
    const { code, output } = await run(args);
    assert.equal(code, 2);
    assert.match(output, /Not a number of type LONG \(from \S+wrong\.properties line 8\)/);
  }
  const converter = await workerFile('class.properties', 'header.converter=Nope');
  const { output } = await run(['standalone', converter]);
  assert.match(output, /Class Nope could not be found[^]* \(from \S+class\.properties line 7\)/);
});

test('what a provider gave a worker is not shown, its reference and line are', async () => {
  const given = `offset.flush.interval.ms=\${file:${secrets}:secret}`;
  const wrong = await workerFile('secret.properties', given);
  for (const command of ['standalone', 'validate']) {
    const { code, output } = await run([command, wrong]);
    assert.equal(code, 2);
    assert.match(
      output,
      /from config provider \$\{file:\S+:secret\}, \S+secret\.properties line 7/,
    );
    assert.ok(!output.includes(CANARY));
  }
});

test('a setting that the environment gave is told by its variable', async () => {
  const login = 'KafkaClient { org.nope.Module required password="' + CANARY + '"; };';
  const jaas = await file('jaas.conf', login);
  const sasl = ['security.protocol=SASL_PLAINTEXT', 'sasl.mechanism=PLAIN'];
  const worker = await workerFile('sasl.properties', ...sasl);
  const env = { KAFKA_OPTS: `-Djava.security.auth.login.config=${jaas}` };
  const { code, output } = await run(['standalone', worker], env);
  assert.equal(code, 2);
  assert.match(output, /sasl\.jaas\.config: .*\(from environment variable KAFKA_OPTS\)/);
  assert.ok(!output.includes(CANARY));
});

test('a reference that cannot be looked up tells key, reference and line', async () => {
  const reference = '${file:/nope/s.properties:k}';
  const lost = await workerFile('lost.properties', `group.id=${reference}`);
  const worker = await workerFile(
    'good.properties',
    `listeners=http://127.0.0.1:${await freePort()}`,
  );
  const connector = await connectorFile('lost.json', `"file": "${reference}"`);
  const told = (key: string, place: string): RegExp =>
    new RegExp(
      `Could not read properties from file /nope/s\\.properties.*\\("${key}" from config ` +
        `provider \\$\\{file:/nope/s\\.properties:k\\}, \\S+${place}\\)`,
    );
  assert.match(
    (await run(['standalone', lost])).output,
    told('group.id', 'lost\\.properties line 7'),
  );
  const line4 = told('file', 'lost\\.json line 4');
  assert.match((await run(['validate', worker, connector])).output, line4);
  const refused = await run(['standalone', worker, connector]);
  assert.equal(refused.code, 3);
  assert.match(refused.output, line4);
});

test('a refused connector file is told in the log with a line for each problem', async () => {
  const worker = await workerFile('w.properties', `listeners=http://127.0.0.1:${await freePort()}`);
  const connector = await connectorFile(
    'bad.json',
    '"tasks.max": "many"',
    `"errors.retry.timeout": "\${file:${secrets}:secret}"`,
  );
  for (const args of [
    ['standalone', worker, connector],
    ['validate', worker, connector],
  ]) {
    const { code, output } = await run(args);
    assert.equal(code, 3);
    assert.match(output, /many for configuration tasks\.max: .*\(from \S+bad\.json line 4\)\n/);
    assert.match(output, /from config provider \$\{file:\S+:secret\}, \S+bad\.json line 5\)/);
    assert.ok(!output.includes(CANARY));
  }
});

test('lint tells the line of each doubtful key, of worker and connector files', async () => {
  const worker = await workerFile('doubtful.properties', 'lissteners=x');
  const connector = await connectorFile('doubtful.json', '"task.max": "1"');
  const { output } = await run(['lint', '--worker', worker, connector]);
  assert.match(output, /"lissteners" is not known.* \(from \S+doubtful\.properties line 7\)/);
  assert.match(output, /"task\.max" is not known.* \(from \S+doubtful\.json line 4\)/);
});

test('the log tells doubtful keys of files by line and of REST as such; a 400 is as Java writes it', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const worker = await workerFile('rest.properties', `listeners=${url}`);
  const input = await file('in.txt', 'one\n');
  const connector = await connectorFile('started.json', `"file": "${input}"`, '"task.max": "1"');
  await using sluice = await startSluice({ args: ['standalone', worker, connector] });
  await sluice.outputMatches(/Kafka Connect started/);
  await sluice.outputMatches(
    /Connector c: "task\.max" is not known.*\(from \S+started\.json line 5\)/,
  );
  const client = new RestClient({ baseUrl: url });
  const config = { 'connector.class': 'FileStreamSource', topic: 't', file: input };
  await client.putConnectorConfig('r', { ...config, 'task.max': '1' });
  await sluice.outputMatches(/Connector r: "task\.max" is not known.*\(from REST request\)/);
  await assert.rejects(
    client.putConnectorConfig('x', { ...config, 'tasks.max': 'many' }),
    (error) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, /Invalid value many for configuration tasks\.max: [^(]*\n/);
      assert.doesNotMatch(error.message, /from REST/);
      return true;
    },
  );
});
