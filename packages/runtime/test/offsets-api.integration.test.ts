import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { RestError } from '@sluice/rest';
import { startDevBrokerForTest, type DevBrokerServer } from '@sluice/testing';
import { aLiveWorker, eventually, type LiveWorker } from './support/live-worker.ts';

const ALTERED = 'The offsets for this connector have been altered successfully';
const RESET = 'The offsets for this connector have been reset successfully';

describe('offsets and used topics of connectors that really run', () => {
  let broker: DevBrokerServer;
  let worker: LiveWorker;
  before(async () => {
    broker = await startDevBrokerForTest();
    worker = await aLiveWorker(broker.bootstrapServers);
    const file = await worker.write('in', 'one\ntwo\n');
    await worker.create({ ...SOURCE, name: 'source', topic: 'lines', file });
    await worker.create({ ...SINK, name: 'sink', topics: 'lines', file: worker.dir.join('out') });
  });
  after(async () => {
    await worker[Symbol.asyncDispose]();
    await broker[Symbol.asyncDispose]();
  });

  test('R1.40 a source shows what it has committed, a sink what its group has', async () => {
    const { herder } = worker;
    const filename = worker.dir.join('in');
    await eventually('both have committed', async () => {
      const [source] = await herder.connectorOffsets('source');
      const [sink] = await herder.connectorOffsets('sink');
      return source?.offset === '{"position":8}' && sink?.offset === '{"kafka_offset":2}';
    });
    assert.deepEqual(await herder.connectorOffsets('source'), [
      { partition: JSON.stringify({ filename }), offset: '{"position":8}' },
    ]);
    assert.deepEqual(await herder.connectorOffsets('sink'), [
      { partition: '{"kafka_topic":"lines","kafka_partition":0}', offset: '{"kafka_offset":2}' },
    ]);
    await assert.rejects(herder.connectorOffsets('nope'), isRestError(404, /Connector nope not f/));
  });

  test('R1.38 R1.39 both have used the topic; after a reset only who uses it again', async () => {
    const { herder } = worker;
    assert.deepEqual(await herder.connectorTopics('sink'), ['lines']);
    assert.deepEqual(await herder.connectorTopics('source'), ['lines']);
    await herder.resetConnectorTopics('source');
    await herder.resetConnectorTopics('sink');
    assert.deepEqual(await herder.connectorTopics('source'), []);
    await worker.write('in', 'three\n');
    await eventually('both use it again', async () => {
      const used = [await herder.connectorTopics('source'), await herder.connectorTopics('sink')];
      return used.every((topics) => topics.join() === 'lines');
    });
    assert.deepEqual(await herder.connectorTopics('nope'), []);
  });

  test('R1.52 offsets of a connector that is not stopped are left alone', async () => {
    const { herder } = worker;
    const expected = isRestError(400, /Connectors must be in the STOPPED state before their off/);
    await assert.rejects(herder.resetConnectorOffsets('source'), expected);
    await herder.pauseConnector('sink');
    await assert.rejects(herder.resetConnectorOffsets('sink'), expected);
    await herder.resumeConnector('sink');
  });

  test('R1.53 R1.60 a stopped source goes on from the altered offset, or from the start', async () => {
    const { herder } = worker;
    const partition = JSON.stringify({ filename: worker.dir.join('in') });
    await herder.stopConnector('source');
    const entry = { partition, offset: '{"position":4}' };
    assert.deepEqual(await herder.alterConnectorOffsets('source', [entry]), { message: ALTERED });
    assert.deepEqual(await herder.connectorOffsets('source'), [entry]);
    assert.deepEqual(await herder.resetConnectorOffsets('source'), { message: RESET });
    assert.deepEqual(await herder.connectorOffsets('source'), []);
    await herder.resumeConnector('source');
    await eventually('it has read all of it again', async () => {
      const [found] = await herder.connectorOffsets('source');
      return found?.offset === '{"position":14}';
    });
  });

  test('R1.55 R1.56 a stopped sink: numbers or texts, reset by null or as a whole', async () => {
    const { herder } = worker;
    await herder.stopConnector('sink');
    const partition = '{"kafka_topic":"lines","kafka_partition":"0"}';
    const alter = (offset: string | null) =>
      herder.alterConnectorOffsets('sink', [{ partition, offset }]);
    assert.deepEqual(await alter('{"kafka_offset":"1"}'), { message: ALTERED });
    const [found] = await herder.connectorOffsets('sink');
    assert.equal(found?.offset, '{"kafka_offset":1}');
    assert.deepEqual(await alter(null), { message: ALTERED });
    assert.deepEqual(await herder.connectorOffsets('sink'), []);
    assert.deepEqual(await herder.resetConnectorOffsets('sink'), { message: RESET });
    // A group that is gone is reset already.
    assert.deepEqual(await herder.resetConnectorOffsets('sink'), { message: RESET });
  });

  test('what the connector refuses changes nothing', async () => {
    const { herder } = worker;
    await herder.stopConnector('source');
    const before = await herder.connectorOffsets('source');
    const wrong = { partition: '{"filename":"x"}', offset: '{"position":"far"}' };
    await assert.rejects(herder.alterConnectorOffsets('source', [wrong]), /position/);
    const nested = { partition: '{"filename":"x"}', offset: '{"position":[1]}' };
    await assert.rejects(
      herder.alterConnectorOffsets('source', [nested]),
      /Offsets may only contain primitive types as values, but field position contains an array/,
    );
    assert.deepEqual(await herder.connectorOffsets('source'), before);
  });
});

const SOURCE = { 'connector.class': 'FileStreamSource' };
const SINK = { 'connector.class': 'FileStreamSink' };

function isRestError(status: number, message: RegExp): (error: unknown) => boolean {
  return (error) =>
    error instanceof RestError && error.status === status && message.test(error.message);
}
