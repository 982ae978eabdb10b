import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { freePort, makeTempDir, startSluice } from '@sluice/testing';

async function run(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  await using sluice = await startSluice({ args });
  const { code } = await sluice.exited;
  return { code, stdout: sluice.stdout, stderr: sluice.stderr };
}

test('help lists the commands, and what is no command exits with 1', async () => {
  const help = await run('--help');
  assert.equal(help.code, 0);
  for (const command of ['standalone', 'dev', 'dev-broker', 'plugins', 'validate'])
    assert.ok(help.stdout.includes(command), command);
  assert.match((await run('--version')).stdout, /^sluice \d/);
  assert.equal((await run()).code, 1);
  const unknown = await run('standalon');
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /unknown command 'standalon'/);
});

test('plugins list shows what a worker would find, as a table and as JSON', async () => {
  const table = await run('plugins', 'list');
  assert.equal(table.code, 0, table.stderr);
  assert.match(
    table.stdout,
    /^source +org\.apache\.kafka\.connect\.file\.FileStreamSourceConnector +FileStreamSource +4\.3\.1 +@sluice\/connector-file$/m,
  );
  const json = JSON.parse((await run('plugins', 'list', '--json')).stdout);
  assert.ok(Array.isArray(json) && json.length > 10);
  const broken = await run('plugins', 'list', '--plugin-path', '/nope');
  assert.equal(broken.code, 2);
  assert.match(broken.stderr, /\/nope can't be read/);
});

test('validate tells what is wrong with each file, and starts nothing', async () => {
  await using directory = await makeTempDir('validate');
  const worker = directory.join('worker.properties');
  const good = directory.join('good.json');
  const bad = directory.join('bad.json');
  const cast = directory.join('cast.json');
  await writeFile(
    worker,
    'key.converter=JsonConverter\nvalue.converter=Json\noffset.storage.file.filename=x\n',
  );
  const source = { 'connector.class': 'FileStreamSource', topic: 't' };
  await writeFile(good, JSON.stringify({ name: 'a', ...source }));
  await writeFile(bad, JSON.stringify({ name: 'b', 'connector.class': 'FileStreamSink' }));
  const type = 'org.apache.kafka.connect.transforms.Cast$Value';
  const transforms = { transforms: 'c', 'transforms.c.type': type, 'transforms.c.spec': 'a:b' };
  await writeFile(cast, JSON.stringify({ name: 'c', ...source, ...transforms }));
  const { code, stdout } = await run('validate', worker, good, bad, cast);
  assert.equal(code, 3);
  assert.match(stdout, /good\.json: ok\n/);
  assert.match(stdout, /bad\.json:\n {2}Must configure one of topics or topics\.regex\n/);
  assert.match(stdout, /cast\.json:\n {2}Invalid value /);
  assert.equal((await run('validate', directory.join('nope'))).code, 2);
});

test('dev-broker runs until it is stopped, and refuses a port in use', async () => {
  await using directory = await makeTempDir('dev-broker-command');
  const port = String(await freePort());
  const args = ['dev-broker', '--port', port, '--data-dir'];
  await using broker = await startSluice({ args: [...args, directory.join('one')] });
  await broker.outputMatches(new RegExp(`The dev broker listens on 127\\.0\\.0\\.1:${port}`));
  const second = await run(...args, directory.join('two'));
  assert.equal(second.code, 2);
  assert.match(second.stderr, /the dev broker can't start/);
  assert.equal((await broker.stop(10_000)).code, 0);
  assert.equal((await run('dev-broker', '--port', 'x')).code, 1);
});
