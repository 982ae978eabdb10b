// Goal: Kafka's system tests can drive a worker by its own test connectors. Method: a worker that has this
// package on its plugin.path runs VerifiableSource into VerifiableSink; the lines on standard output are counted.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  freePort,
  makeTempDir,
  propertiesText,
  startDevBrokerForTest,
  startSluice,
} from '@sluice/testing';

const PACKAGE = fileURLToPath(new URL('../java-connectors/', import.meta.url));
const RECORDS = 20;

/** The numbers in lines that hold all of these texts. */
function numbersIn(stdout: string, ...texts: readonly string[]): readonly number[] {
  const lines = stdout.split('\n').filter((line) => texts.every((text) => line.includes(text)));
  return lines.map((line) => Number(/"seqno":(\d+)/.exec(line)?.[1]));
}

test('VerifiableSource and VerifiableSink tell each record, also as committed and flushed', async () => {
  await using dir = await makeTempDir('verifiable');
  await using broker = await startDevBrokerForTest();
  const json = 'org.apache.kafka.connect.json.JsonConverter';
  const tools = 'org.apache.kafka.connect.tools.';
  const configs = {
    worker: {
      'bootstrap.servers': broker.bootstrapServers,
      'key.converter': json,
      'value.converter': json,
      'offset.storage.file.filename': dir.join('offsets'),
      'offset.flush.interval.ms': '500',
      'plugin.path': PACKAGE,
      listeners: `http://127.0.0.1:${await freePort()}`,
    },
    source: {
      name: 'from',
      'connector.class': `${tools}VerifiableSourceConnector`,
      topic: 'verified',
      throughput: '100',
    },
    sink: { name: 'to', 'connector.class': 'VerifiableSink', topics: 'verified' },
  };
  const paths: string[] = [];
  for (const [name, props] of Object.entries(configs)) {
    paths.push(dir.join(`${name}.properties`));
    await writeFile(dir.join(`${name}.properties`), propertiesText(props));
  }
  await using sluice = await startSluice({ args: ['standalone', ...paths] });
  const flushed = await sluice.waitUntil(`${RECORDS} flushed records`, () => {
    const numbers = numbersIn(sluice.stdout, '"flushed":true', '"sinkTask":0');
    return numbers.length >= RECORDS ? numbers : null;
  });
  const committed = numbersIn(sluice.stdout, '"committed":true', '"name":"from"');
  const inOrder = Array.from({ length: RECORDS }, (_, index) => index);
  assert.deepEqual(flushed.slice(0, RECORDS), inOrder);
  assert.deepEqual(committed.slice(0, RECORDS), inOrder);
});
