import { startDevBrokerForTest, type DevBrokerServer } from '@sluice/testing';
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { aFilePipeline } from './support/file-pipeline.ts';

describe('JSON lines through a topic', () => {
  let broker: DevBrokerServer;
  before(async () => {
    broker = await startDevBrokerForTest();
  });
  after(() => broker[Symbol.asyncDispose]());

  const jsonValues = {
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': 'false',
  };

  it('keep every digit, and are transformed on the way', async () => {
    await using pipeline = await aFilePipeline({
      bootstrapServers: broker.bootstrapServers,
      topic: 'values',
      workerProps: jsonValues,
      sourceProps: {
        'connector.class': 'JsonLinesSource',
        'key.field': 'id',
        transforms: 'origin',
        'transforms.origin.type': 'org.apache.kafka.connect.transforms.InsertField$Value',
        'transforms.origin.static.field': 'origin',
        'transforms.origin.static.value': 'test',
      },
      sinkProps: { 'connector.class': 'JsonLinesSink' },
    });
    const lines = ['{"id":"a","n":9007199254740993,"x":1.0}', '{"id":"b","n":[1,2.5,null]}'];
    await writeFile(pipeline.inFile, lines.map((line) => `${line}\n`).join(''));
    await using sluice = await pipeline.start();
    const text = await sluice.waitUntil('both lines', async () => {
      const read = await readFile(pipeline.outFile, 'utf8');
      return read.split('\n').length > 2 ? read : null;
    });
    const expected = lines.map((line) => `${line.slice(0, -1)},"origin":"test"}\n`).join('');
    assert.equal(text, expected);
  });

  it('fail the task at a malformed line, with its place, once those before it are out', async () => {
    await using pipeline = await aFilePipeline({
      bootstrapServers: broker.bootstrapServers,
      topic: 'malformed',
      workerProps: jsonValues,
      sourceProps: { 'connector.class': 'JsonLinesSource' },
      sinkProps: { 'connector.class': 'JsonLinesSink' },
    });
    await writeFile(pipeline.inFile, '{"a":1}\n{"a":2}\n{"a":}\n{"a":4}\n');
    await using sluice = await pipeline.start();
    const status = await sluice.waitUntil('the task to fail', async () => {
      const answer = await fetch(`${pipeline.restUrl}/connectors/malformed-source/status`);
      const body = await answer.text();
      return body.includes('"FAILED"') ? body : null;
    });
    assert.match(status, /line 3, column 6, of .*byte 16/);
    await sluice.waitUntil('what came before', async () => {
      const text = await readFile(pipeline.outFile, 'utf8');
      return text === '{"a":1}\n{"a":2}\n';
    });
  });
});
