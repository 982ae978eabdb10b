/** How references to config providers are kept and resolved, and how long they hold (R7.02 to R7.04). */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { makeTempDir } from '@sluice/testing';
import { ConfigTransformer } from '../src/config/config-transformer.ts';
import type { ConfigProvider } from '../src/config/providers/config-provider.ts';
import { aHerder, settle } from './support/a-herder.ts';

const SOURCE = { 'connector.class': 'FileStreamSource', name: 'a', topic: 't' };

/** A vault whose value counts up with each look, and holds for so long. */
function countingVault(ttlMs: number | null = null): {
  readonly transformer: ConfigTransformer;
  readonly looks: () => number;
} {
  let looks = 0;
  const get: ConfigProvider['get'] = () => {
    looks += 1;
    return Promise.resolve({ data: new Map([['file', `/in-${looks}`]]), ttlMs });
  };
  return { transformer: new ConfigTransformer(new Map([['vault', { get }]])), looks: () => looks };
}

test('R7.02 a config is kept as it was given, and resolved anew at each start and validation', async () => {
  const { transformer, looks } = countingVault();
  const { herder, host, create } = await aHerder({}, transformer);
  const config = { ...SOURCE, file: '${vault:secrets:file}' };
  await create(config);
  assert.deepEqual(await herder.connectorConfig('a'), config);
  assert.deepEqual((await herder.connectorInfo('a')).config, config);
  assert.equal((await herder.taskConfigs('a'))[0]?.config['file'], '${vault:secrets:file}');
  const started = host.connectors[0]?.props['file'] ?? '';
  assert.match(started, /^\/in-\d+$/);
  assert.match(host.specs[0]?.taskProps['file'] ?? '', /^\/in-\d+$/);
  await herder.restartConnector('a');
  await settle();
  assert.notEqual(host.connectors.at(-1)?.props['file'], started);
  const before = looks();
  await herder.validateConfig('FileStreamSource', config);
  assert.ok(looks() > before, 'validation looks values up');
  const task = looks();
  await herder.restartTask('a', 0);
  assert.equal(host.specs.at(-1)?.taskProps['file'], `/in-${task + 1}`);
});

test('R7.02 a worker file is resolved when it is read', async () => {
  await using dir = await makeTempDir('worker-secrets');
  await writeFile(dir.join('secrets.properties'), 'size=7\n');
  const props = {
    'config.providers': 'file',
    'config.providers.file.class': 'org.apache.kafka.common.config.provider.FileConfigProvider',
    'offset.flush.interval.ms': `\${file:${dir.join('secrets.properties')}:size}`,
  };
  const { props: resolved } = await ConfigTransformer.ofWorker(props).transform(props);
  assert.equal(resolved['offset.flush.interval.ms'], '7');
});

test('R7.03 a new look at a value starts its time anew, and a connector that is gone has none', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { transformer } = countingVault(1_000);
  const { herder, host, create } = await aHerder({}, transformer);
  const starts = (): number => host.calls.filter((call) => call === 'start a STARTED').length;
  await create({ ...SOURCE, file: '${vault:secrets:file}' });
  context.mock.timers.tick(600);
  await herder.restartConnector('a');
  assert.equal(starts(), 2);
  context.mock.timers.tick(600);
  await settle();
  assert.equal(starts(), 2, 'the time of the first look is over, that of the second is not');
  context.mock.timers.tick(400);
  await settle();
  assert.equal(starts(), 3);
  await herder.deleteConnector('a');
  context.mock.timers.tick(10_000);
  await settle();
  assert.equal(starts(), 3);
});

test('R7.04 a directory gives the text of each file, within allowed.paths', async () => {
  await using dir = await makeTempDir('directory-provider');
  for (const folder of ['open', 'shut']) {
    await mkdir(dir.join(folder));
    await writeFile(dir.join(`${folder}/token`), `${folder} text\n`);
  }
  const transformer = ConfigTransformer.ofWorker({
    'config.providers': 'dir',
    'config.providers.dir.class': 'org.apache.kafka.common.config.provider.DirectoryConfigProvider',
    'config.providers.dir.param.allowed.paths': dir.join('open'),
  });
  const given = {
    open: `\${dir:${dir.join('open')}:token}`,
    shut: `\${dir:${dir.join('shut')}:token}`,
    round: `\${dir:${dir.join('open')}/../shut:token}`,
    none: `\${dir:${dir.join('open')}:nope}`,
  };
  const { props } = await transformer.transform(given);
  assert.deepEqual(props, { ...given, open: 'open text\n' });
});
