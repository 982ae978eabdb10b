import assert from 'node:assert/strict';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigError, originText, type ConfigOrigin } from '@sluice/api';
import { readWorkerFile, standaloneConfig, workerOrigins } from './worker-config.ts';

const MINIMUM = {
  'key.converter': 'JsonConverter',
  'value.converter': 'JsonConverter',
  'offset.storage.file.filename': '/tmp/offsets',
};

test('S-W2 a minimal worker gets the defaults of Java', () => {
  const { values, warnings } = standaloneConfig(MINIMUM);
  assert.deepEqual(values['bootstrap.servers'], ['localhost:9092']);
  assert.deepEqual(values.listeners, ['http://:8083']);
  assert.equal(values['offset.flush.interval.ms'], 60_000);
  assert.equal(values['task.shutdown.graceful.timeout.ms'], 5000);
  assert.equal(
    values['header.converter'],
    'org.apache.kafka.connect.storage.SimpleHeaderConverter',
  );
  assert.equal(values['plugin.path'], null);
  assert.deepEqual(warnings, []);
});

test('a missing required key is an error in the words of Java', () => {
  for (const key of Object.keys(MINIMUM)) {
    const { [key]: _left, ...rest } = MINIMUM as Record<string, string>;
    assert.throws(() => standaloneConfig(rest), {
      message: `Missing required configuration "${key}" which has no default value.`,
    });
  }
});

test('wrong values name the key', () => {
  assert.throws(() => standaloneConfig({ ...MINIMUM, 'offset.flush.interval.ms': 'soon' }), {
    message:
      'Invalid value soon for configuration offset.flush.interval.ms: Not a number of type LONG',
  });
  assert.throws(() => standaloneConfig({ ...MINIMUM, listeners: '' }), /value for listeners/);
});

test('an unknown key is a warning with the nearest known key', () => {
  const { warnings } = standaloneConfig({ ...MINIMUM, 'offset.flush.intervall.ms': '1', zzz: '' });
  assert.deepEqual(warnings, [
    'The worker key "offset.flush.intervall.ms" is not known and has no effect; ' +
      'did you mean "offset.flush.interval.ms"?',
    'The worker key "zzz" is not known and has no effect.',
  ]);
});

test('a warning tells the line of its key, and a worker where each of its values comes from', () => {
  const props = { ...MINIMUM, 'config.providers': 'env', zzz: '', 'group.id': '${env:GROUP}' };
  const at = (line: number): ConfigOrigin => ({ kind: 'file', file: 'w.properties', line });
  const written = new Map([
    ['key.converter', at(1)],
    ['group.id', at(8)],
    ['zzz', at(9)],
  ]);
  assert.deepEqual(standaloneConfig(props, written).warnings, [
    'The worker key "zzz" is not known and has no effect. (from w.properties line 9)',
  ]);
  const origins = workerOrigins({ props, origins: written });
  const told = (key: string): string => originText(origins.get(key) ?? assert.fail(key));
  assert.equal(told('key.converter'), 'w.properties line 1');
  assert.equal(told('value.converter'), 'config');
  assert.equal(told('listeners'), 'default');
  assert.equal(told('group.id'), 'config provider ${env:GROUP}, w.properties line 8');
  const { 'key.converter': _left, ...rest } = props;
  assert.equal(workerOrigins({ props: rest, origins: new Map() }).get('key.converter'), undefined);
});

test('keys of clients, plug-ins and distributed workers are no cause for a warning', () => {
  const { warnings } = standaloneConfig({
    ...MINIMUM,
    'key.converter.schemas.enable': 'true',
    'producer.linger.ms': '5',
    'consumer.fetch.min.bytes': '1',
    'sasl.jaas.config': 'x',
    'ssl.truststore.location': 'x',
    'group.id': 'x',
    'status.storage.replication.factor': '1',
    'request.timeout.ms': '30000',
    'metrics.context.x': 'y',
    'config.providers.file.class': 'x',
  });
  assert.deepEqual(warnings, []);
});

test('keys of earlier versions say what replaced them', () => {
  const { warnings } = standaloneConfig({ ...MINIMUM, 'rest.port': '8084' });
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /"rest\.port" has no effect: .*use listeners=/);
});

test('sluice.config.strict makes errors of warnings', () => {
  const props = { ...MINIMUM, 'sluice.config.strict': 'true', listenerz: 'x' };
  assert.throws(() => standaloneConfig(props), ConfigError);
});

test('a worker file that is not there or malformed is named, with line and column', async () => {
  await assert.rejects(readWorkerFile('/nope/w.properties'), {
    message: "Can't read the worker properties /nope/w.properties: there is no such file.",
  });
  const directory = await mkdtemp(join(tmpdir(), 'sluice-worker-config-'));
  try {
    const path = join(directory, 'w.properties');
    await writeFile(path, 'a=1\nb=\\u00zz\n');
    await assert.rejects(readWorkerFile(path), /w\.properties:2:3: Malformed .*line 2, column 3/);
    await assert.rejects(readWorkerFile(directory), /it is a directory\.$/);
    await writeFile(path, 'a = 1\n');
    assert.deepEqual(await readWorkerFile(path), {
      props: { a: '1' },
      origins: new Map([['a', { kind: 'file', file: path, line: 1 }]]),
    });
  } finally {
    await rm(directory, { recursive: true });
  }
  assert.deepEqual(await readWorkerFile(''), { props: {}, origins: new Map() });
});
