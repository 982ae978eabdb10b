// Goal: to validate a config makes no database; starting the connector does, as Java's driver does it.
import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { makeTempDir, type TempDir } from '@sluice/testing';
import { databaseOf } from '../src/connection/connection-config.ts';
import { openConnection } from '../src/connection/open-connection.ts';
import { jdbcSink, jdbcSource } from '../src/index.ts';
import { quietLogger } from './quiet-logger.ts';

type Props = Readonly<Record<string, string>>;

let dir: TempDir;
before(async () => {
  dir = await makeTempDir('sqlite-validation');
});
after(() => dir[Symbol.asyncDispose]());

async function errorsOf(plugin: typeof jdbcSink | typeof jdbcSource, props: Props) {
  const values = (await plugin.create().validate?.(props)) ?? [];
  assert.ok(values.length > 0);
  return values.flatMap(({ name, errorMessages }) => errorMessages.map((text) => [name, text]));
}

function source(file: string): Props {
  return {
    'connection.url': `jdbc:sqlite:${file}`,
    mode: 'incrementing',
    'incrementing.column.name': 'id',
    'topic.prefix': 'p-',
  };
}

const sink = (file: string): Props => ({ 'connection.url': `jdbc:sqlite:${file}` });

test('a database that is not there yet is none afterwards either, and no error', async () => {
  const file = dir.join('new.db');
  assert.deepEqual(await errorsOf(jdbcSink, sink(file)), []);
  assert.deepEqual(await errorsOf(jdbcSource, source(file)), []);
  assert.deepEqual(await readdir(dir.path), []);
  // What the tasks open comes into being.
  const database = databaseOf(sink(file), quietLogger);
  await using connection = await openConnection(database);
  await connection.execute('CREATE TABLE people (id INTEGER NOT NULL)');
  assert.deepEqual(await errorsOf(jdbcSource, source(file)), []);
  const names = await readdir(dir.path);
  assert.ok(names.includes('new.db'));
  const wrong = { ...source(file), 'incrementing.column.name': 'nope' };
  assert.match(String(await errorsOf(jdbcSource, wrong)), /no column "nope"/);
});

test('a path at which no database can be is an error, and nothing is made there', async () => {
  const folder = dir.join('folder');
  await mkdir(folder);
  const text = dir.join('text');
  await writeFile(
    text,
    'No database, but a text that is long enough to be read as its header.'.repeat(9),
  );
  for (const [file, reason] of [
    [dir.join('missing', 'a.db'), /Correct the path in connection\.url/],
    [folder, /Correct the path in connection\.url/],
    [`${text}/a.db`, /Correct the path in connection\.url/],
    [text, /The file is no SQLite database/],
  ] as const)
    for (const errors of [
      await errorsOf(jdbcSink, sink(file)),
      await errorsOf(jdbcSource, source(file)),
    ]) {
      const [[key, message] = []] = errors;
      assert.equal(key, 'connection.url');
      assert.match(message ?? '', reason);
    }
  assert.deepEqual(await readdir(folder), []);
});
