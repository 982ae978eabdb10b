import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { makeTempDir, startSluice } from '@sluice/testing';

const GUIDE = new URL('../../../docs/guides/operate.md', import.meta.url);
const TYPE = 'connector_client_config_override_policy';

async function run(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  await using sluice = await startSluice({ args });
  const { code } = await sluice.exited;
  return { code, stdout: sluice.stdout };
}

test('an override policy of a package is listed, and decides what a config may override', async () => {
  await using directory = await makeTempDir('policy');
  const home = directory.join('plugins', 'node_modules', 'team-policy');
  await mkdir(home, { recursive: true });
  const guide = await readFile(GUIDE, 'utf8');
  const code = /```js\n(export const teamPrincipals[^]*?)```/.exec(guide)?.[1] ?? '';
  const described = { type: TYPE, class: 'org.example.Team', aliases: [], name: 'teamPrincipals' };
  const plugin = { ...described, export: '.', version: '1.2.0', config: [] };
  const packageJson = {
    name: 'team-policy',
    version: '1.2.0',
    type: 'module',
    connect: { api: 1, manifest: './connect.json' },
    exports: { '.': './index.js', './package.json': './package.json' },
  };
  await writeFile(path.join(home, 'package.json'), JSON.stringify(packageJson));
  await writeFile(path.join(home, 'connect.json'), JSON.stringify({ api: 1, plugins: [plugin] }));
  await writeFile(path.join(home, 'index.js'), code);
  const pluginPath = directory.join('plugins');
  const listed = await run('plugins', 'list', '--plugin-path', pluginPath);
  assert.match(
    listed.stdout,
    new RegExp(`^${TYPE} +org\\.example\\.Team .*1\\.2\\.0 +team-policy$`, 'm'),
  );
  const worker = directory.join('worker.properties');
  await writeFile(
    worker,
    `key.converter=JsonConverter\nvalue.converter=Json\noffset.storage.file.filename=x\n` +
      `plugin.path=${pluginPath}\nteam.prefix=team-\n` +
      'connector.client.config.override.policy=org.example.Team\n',
  );
  const connector = directory.join('a.json');
  const source = { name: 'a', 'connector.class': 'FileStreamSource', topic: 't' };
  const overrides = { 'producer.override.acks': '1', 'producer.override.client.id': 'team-a' };
  await writeFile(connector, JSON.stringify({ ...source, ...overrides }));
  const { code: exitCode, stdout } = await run('validate', worker, connector);
  assert.equal(exitCode, 3);
  assert.match(stdout, /a\.json:\n {2}a may not override acks of its PRODUCER .*\n$/);
});
