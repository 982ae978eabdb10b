import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ConfigTransformer } from '../config/config-transformer.ts';
import { configProviderPlugins } from './config-provider-plugins.ts';
import { discoverPlugins, type Discovery } from './discover-plugins.ts';

let directory = '';
let discovery: Discovery;

/** A vault whose secrets hold for a minute. */
const VAULT = `export const vault = {
  type: 'configprovider',
  create() {
    let prefix = '';
    return {
      configure(params) { prefix = params.prefix; },
      get(path, keys) {
        const known = [...keys].filter((key) => key !== 'unknown');
        return { data: Object.fromEntries(known.map((key) => [key, prefix + path + key])), ttlMs: 60000 };
      },
    };
  },
};`;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-providers-'));
  const plugin = { type: 'configprovider', export: '.', version: '1', config: [] };
  const plugins = [
    { ...plugin, class: 'org.example.Vault', aliases: ['Vault'], name: 'vault' },
    { ...plugin, class: 'org.example.Gone', aliases: [], name: 'gone' },
  ];
  const files = {
    'package.json': JSON.stringify({
      name: 'vault',
      type: 'module',
      connect: { api: 1, manifest: './connect.json' },
      exports: { '.': './index.js' },
    }),
    'connect.json': JSON.stringify({ api: 1, plugins }),
    'index.js': VAULT,
  };
  const path = join(directory, 'vault');
  await mkdir(path);
  for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text);
  discovery = await discoverPlugins({ workerDirectory: directory, pluginPath: [path] });
});
after(() => rm(directory, { recursive: true }));

const propsOf = (className: string): Readonly<Record<string, string>> => ({
  'config.providers': 'v',
  'config.providers.v.class': className,
  'config.providers.v.param.prefix': 'secret-',
});

test("R6.01 a package's config provider gives values, and says how long they hold", async () => {
  const props = propsOf('org.example.Vault');
  const transformer = ConfigTransformer.ofWorker(
    props,
    await configProviderPlugins(props, discovery),
  );
  const given = { password: '${v:db:password}', other: '${v:db:unknown}' };
  const { props: resolved, ttls } = await transformer.transform(given);
  assert.deepEqual(resolved, { password: 'secret-dbpassword', other: '${v:db:unknown}' });
  assert.deepEqual([...ttls], [['db', 60_000]]);
});

test('a provider is found by its short name, the built-in ones stay', async () => {
  assert.equal((await configProviderPlugins(propsOf('Vault'), discovery)).size, 1);
  const env = 'org.apache.kafka.common.config.provider.EnvVarConfigProvider';
  assert.equal((await configProviderPlugins(propsOf(env), discovery)).size, 0);
});

test('a provider that its package lists but does not have is told', async () => {
  await assert.rejects(
    configProviderPlugins(propsOf('org.example.Gone'), discovery),
    /vault lists the config provider org\.example\.Gone, but its module exports none as "gone"/,
  );
});
