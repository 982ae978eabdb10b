import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { workerKeyRow } from './worker-key-table.ts';
import { workerKeysDocument } from './worker-keys-document.ts';

const DOCUMENT = new URL('../../../../docs/reference/worker-keys.md', import.meta.url);

test('the document says what the tables say', async () => {
  const text = workerKeysDocument();
  if (process.env['UPDATE_DOCUMENTS'] === '1') await writeFile(DOCUMENT, text);
  assert.equal(await readFile(DOCUMENT, 'utf8'), text, 'run the tests with UPDATE_DOCUMENTS=1');
});

test('patterns fit with and without a prefix, and values decide where they should', () => {
  const treatment = (key: string, value = ''): string | null =>
    workerKeyRow(key, value)?.treatment ?? null;
  assert.equal(
    treatment('metric.reporters', 'org.apache.kafka.common.metrics.JmxReporter'),
    'mapped',
  );
  assert.equal(treatment('metric.reporters', 'com.example.Mine'), 'warned');
  assert.equal(treatment('producer.interceptor.classes', 'x'), 'warned');
  assert.equal(treatment('interceptor.classes', 'x'), 'warned');
  assert.equal(treatment('consumer.ssl.engine.factory.class', 'x'), 'refused');
  assert.equal(treatment('ssl.engine.factory.class', 'x'), 'refused');
  assert.equal(treatment('internal.key.converter.schemas.enable', 'x'), 'warned');
  assert.equal(treatment('config.storage.topic', 'x'), 'ignored');
  assert.equal(treatment('producer.batch.size', '1'), 'honoured');
  assert.equal(treatment('tasks.max'), null);
});
