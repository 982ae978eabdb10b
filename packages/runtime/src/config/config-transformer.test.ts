import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ConfigError, RetriableError } from '@sluice/api';
import { ConfigTransformer } from './config-transformer.ts';
import { EnvVarConfigProvider } from './providers/env-var-config-provider.ts';

const PACKAGE = 'org.apache.kafka.common.config.provider';
let directory = '';
let secrets = '';

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-providers-'));
  secrets = join(directory, 'secrets.properties');
  await writeFile(secrets, 'user=me\npassword=a:b=c\n');
  await mkdir(join(directory, 'dir'));
  await writeFile(join(directory, 'dir', 'token'), 'xyz\n');
});
after(() => rm(directory, { recursive: true }));

function workerProps(params: Record<string, string> = {}): Record<string, string> {
  return {
    'config.providers': 'file, dir',
    'config.providers.file.class': `${PACKAGE}.FileConfigProvider`,
    'config.providers.dir.class': `${PACKAGE}.DirectoryConfigProvider`,
    ...params,
  };
}

test('R7.01 references are replaced, several in one value, in one pass', async () => {
  const transformer = ConfigTransformer.ofWorker(workerProps());
  const { props } = await transformer.transform({
    a: `x \${file:${secrets}:user}/\${file:${secrets}:password} y`,
    b: `\${dir:${join(directory, 'dir')}:token}`,
    c: `$\${file:${secrets}:user}`,
  });
  assert.deepEqual(props, { a: 'x me/a:b=c y', b: 'xyz\n', c: '$me' });
});

test('R7.01 unknown providers, unknown keys and other dollars stay as they stand', async () => {
  const transformer = ConfigTransformer.ofWorker(workerProps());
  const given = {
    a: '${vault:secret/x:y}',
    b: `\${file:${secrets}:nope}`,
    c: '${topic}-$1',
    d: 'org.example.Foo$Value',
    e: '${routedByValue}',
  };
  assert.deepEqual((await transformer.transform(given)).props, given);
});

test('R7.04 allowed.paths keeps everything else unread', async () => {
  const allowed = join(directory, 'dir');
  const props = workerProps({ 'config.providers.file.param.allowed.paths': allowed });
  const transformer = ConfigTransformer.ofWorker(props);
  const reference = `\${file:${secrets}:user}`;
  assert.equal((await transformer.transform({ a: reference })).props['a'], reference);
  const outside = `\${file:${allowed}/../secrets.properties:user}`;
  assert.equal((await transformer.transform({ a: outside })).props['a'], outside);
});

test('a file that cannot be read is an error that names it', async () => {
  const transformer = ConfigTransformer.ofWorker(workerProps());
  await assert.rejects(
    transformer.transform({ a: '${file:/nope/x.properties:k}' }),
    (error) => error instanceof ConfigError && error.message.includes('/nope/x.properties'),
  );
});

test('an error of a provider tells the key and the reference that asked, its message as it was', async () => {
  const failing = (error: Error): ConfigTransformer => {
    const get = (): Promise<never> => {
      throw error;
    };
    return new ConfigTransformer(new Map([['vault', { get }]]));
  };
  const props = { a: 'plain', b: 'x ${vault:p:k}', c: '${vault:p:k}' };
  await assert.rejects(failing(new Error('shut')).transform(props), {
    name: 'ConfigError',
    message: 'shut',
    context: { key: 'b', reference: '${vault:p:k}' },
  });
  const retriable = new RetriableError('later');
  await assert.rejects(failing(retriable).transform(props), (error) => error === retriable);
});

test('R7.04 environment variables are found by name, within the allowlist', async () => {
  const provider = new EnvVarConfigProvider(
    { 'allowlist.pattern': 'DB_.*' },
    { DB_USER: 'me', HOME: '/root' },
  );
  const { data } = await provider.get('', new Set(['DB_USER', 'HOME', 'DB_NONE']));
  assert.deepEqual([...data], [['DB_USER', 'me']]);
  await assert.rejects(provider.get('path', new Set(['X'])), ConfigError);
});

test('an unknown provider class is an error that names the nearest and what to do', () => {
  const props = {
    'config.providers': 'f',
    'config.providers.f.class': `${PACKAGE}.FileConfgProvider`,
  };
  assert.throws(() => ConfigTransformer.ofWorker(props), /did you mean .*\.FileConfigProvider\?/);
  const missing = { 'config.providers': 'f' };
  assert.throws(() => ConfigTransformer.ofWorker(missing), /set config\.providers\.f\.class/);
});
