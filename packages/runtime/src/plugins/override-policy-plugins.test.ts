import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { overrideInfos } from '../control-plane/validation/client-overrides.ts';
import { discoverPlugins, type Discovery } from './discover-plugins.ts';
import { overridePolicyPlugin } from './override-policy-plugins.ts';

const KEY = 'connector.client.config.override.policy';
const GUIDE = fileURLToPath(new URL('../../../../docs/guides/operate.md', import.meta.url));
let directory = '';
let discovery: Discovery;

/** The example of the guide is what is tested. */
async function exampleOfGuide(): Promise<string> {
  const text = await readFile(GUIDE, 'utf8');
  const example = /```js\n(export const teamPrincipals[^]*?)```/.exec(text)?.[1];
  assert.ok(example !== undefined, 'the guide has no such example');
  return example;
}

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-policies-'));
  const plugin = {
    type: 'connector_client_config_override_policy',
    export: '.',
    version: '1',
    config: [],
  };
  const plugins = [
    { ...plugin, class: 'org.example.Team', aliases: ['Team'], name: 'teamPrincipals' },
    { ...plugin, class: 'org.example.Gone', aliases: [], name: 'gone' },
  ];
  const files = {
    'package.json': JSON.stringify({
      name: 'policies',
      type: 'module',
      connect: { api: 1, manifest: './connect.json' },
      exports: { '.': './index.js' },
    }),
    'connect.json': JSON.stringify({ api: 1, plugins }),
    'index.js': await exampleOfGuide(),
  };
  const path = join(directory, 'policies');
  await mkdir(path);
  for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text);
  discovery = await discoverPlugins({ workerDirectory: directory, pluginPath: [path] });
});
after(() => rm(directory, { recursive: true }));

test("R6.01 a package's policy is asked for each client, with who asks", async () => {
  const policy = await overridePolicyPlugin({ [KEY]: 'Team', 'team.prefix': 'team-' }, discovery);
  assert.ok(policy !== null);
  const config = {
    name: 'orders',
    'producer.override.client.id': 'team-orders',
    'producer.override.acks': '1',
    'producer.override.linger.ms': '5',
    'consumer.override.fetch.min.bytes': '1',
  };
  const connector = { type: 'source', className: 'org.example.Orders' } as const;
  const infos = overrideInfos(connector, config, policy);
  assert.deepEqual(
    infos.map(({ definition, value }) => [value?.name, definition?.type, value?.errors]),
    [
      ['producer.override.client.id', 'STRING', []],
      ['producer.override.acks', 'STRING', ['orders may not override acks of its PRODUCER']],
      ['producer.override.linger.ms', 'LONG', []],
    ],
  );
  const other = overrideInfos(connector, { 'producer.override.client.id': 'mine' }, policy);
  assert.match(other[0]?.value?.errors.join() ?? '', /client\.id has to begin with team-/);
});

test("Kafka's own policies and unknown names are left to the worker", async () => {
  for (const name of ['Principal', 'org.example.Unknown'])
    assert.equal(await overridePolicyPlugin({ [KEY]: name }, discovery), null);
  assert.equal(await overridePolicyPlugin({}, discovery), null);
});

test('a policy that its package lists but does not have is told', async () => {
  await assert.rejects(
    overridePolicyPlugin({ [KEY]: 'org.example.Gone' }, discovery),
    /policies lists the override policy org\.example\.Gone, but its module exports none as "gone"/,
  );
});
