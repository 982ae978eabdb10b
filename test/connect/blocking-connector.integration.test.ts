/**
 * Counterpart of Java's BlockingConnectorTest, on one worker: wherever a plug-in never returns, by a
 * promise that never settles (async) or with its thread (sync), the worker serves everybody else.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { skipReason } from '@sluice/testing';
import { ConnectWorker, sourceConfig, type RestAnswer } from './support/connect-worker.ts';
import { connectorIsGone, connectorRuns, eventually } from './support/connector-states.ts';
import { aPluginFolder, type PluginFolder } from './support/plugin-folder.ts';
import { SharedBroker } from './support/shared-broker.ts';

const title = 'connectors that block';
const WAYS = ['async', 'sync'] as const;
const TOPIC = 'normal-topic';
const RECORDS = 100;
/** Of requests that are never answered otherwise. */
const REQUEST_TIMEOUT_MS = 2_000;
const GRACE_MS = '2000';

type Way = (typeof WAYS)[number];
type Props = Readonly<Record<string, string>>;

/** A worker, and what the names of one test's connectors begin with. */
interface Place {
  readonly worker: ConnectWorker;
  readonly label: string;
}

describe(title, { skip: await skipReason('kafka', title), concurrency: 4 }, () => {
  let broker: SharedBroker;
  /** For tests that ask nothing of it but to stay well. */
  let shared: ConnectWorker;
  before(async () => {
    broker = await SharedBroker.start();
    await broker.createTopic(TOPIC, 3);
    shared = await aWorker();
  });
  after(async () => {
    await shared[Symbol.asyncDispose]();
    await broker[Symbol.asyncDispose]();
  });

  const aWorker = (plugins?: PluginFolder): Promise<ConnectWorker> =>
    ConnectWorker.start({
      bootstrapServers: broker.bootstrapServers,
      props: { 'task.shutdown.graceful.timeout.ms': GRACE_MS },
      ...(plugins === undefined ? {} : { plugins }),
    });

  test('R10.01 testBlockInConnectorValidate: a validate that never returns gives a timed-out request that names the stage, and a healthy connector still starts', async () => {
    await using worker = await aWorker();
    const place = { worker, label: 'validate' };
    const config = { 'connector.class': 'ValidateBlockingConnector' };
    const send = () => WAYS.map((how) => create(place, how, config));
    await allTimeOut(worker, send, VALIDATING);
    await blocksAt(place, 'Connector::validate');
    await normalConnectorWorks(place);
    assert.deepEqual(await worker.rest.connectors(), ['validate-normal']);
  });

  test('R10.01 testBlockInConnectorConfig: a definition that is never given, likewise', async () => {
    await using worker = await aWorker();
    const place = { worker, label: 'config' };
    const classes = { async: 'ConfigBlockingConnector', sync: 'SyncConfigBlockingConnector' };
    const send = () => WAYS.map((how) => create(place, how, { 'connector.class': classes[how] }));
    await allTimeOut(worker, send, VALIDATING);
    await eventually('both to block', () =>
      ['load-blocking-async', 'load-blocking-sync'].every(
        (by) => worker.journal.count(by, 'block') > 0,
      ),
    );
    await normalConnectorWorks(place);
    assert.deepEqual(await worker.rest.connectors(), ['config-normal']);
  });

  test('R10.01 testBlockInConnectorInitialize: its restart times out while it starts, others work', async () => {
    await using worker = await aWorker();
    const place = { worker, label: 'initialize' };
    const by = 'InitializeBlockingConnector';
    const send = () => [create(place, 'sync', { 'connector.class': by })];
    await allTimeOut(worker, send, STARTING);
    await eventually('it to block', () => worker.journal.count(by, 'block') === 1);
    await normalConnectorWorks(place);
    const restart = () => [worker.ask('POST', '/connectors/initialize-sync/restart')];
    await allTimeOut(worker, restart, STARTING);
    await eventually('it to block again', () => worker.journal.count(by, 'block') === 2);
  });

  test('R10.01 testBlockInConnectorStart: its restart times out while it starts, others work', async () => {
    await using worker = await aWorker();
    const place = { worker, label: 'start' };
    const point = 'Connector::start';
    await allTimeOut(worker, () => WAYS.map((how) => block(place, how, point)), STARTING);
    await blocksAt(place, point);
    await normalConnectorWorks(place);
    const restart = () => WAYS.map((how) => worker.ask('POST', `/connectors/start-${how}/restart`));
    await allTimeOut(worker, restart, STARTING);
    await blocksAt(place, point, 2);
    await isDeleted(place);
  });

  test('R10.01 testBlockInConnectorStop: it can be deleted, others work', async () => {
    const place = { worker: shared, label: 'stop' };
    await Promise.all(WAYS.map((how) => block(place, how, 'Connector::stop')));
    await isDeleted(place);
    await blocksAt(place, 'Connector::stop');
    await normalConnectorWorks(place);
  });

  for (const kind of ['Source', 'Sink']) {
    test(`R10.01 testBlockIn${kind}TaskStart: it can be deleted, others work`, async () => {
      const place = { worker: shared, label: `${kind}-start` };
      for (const how of WAYS) await block(place, how, 'Task::start', `Blocking${kind}Connector`);
      await blocksAt(place, 'Task::start');
      await normalConnectorWorks(place);
      await isDeleted(place);
    });

    test(`R10.01 testBlockIn${kind}TaskStop: it can be deleted, others work`, async () => {
      const place = { worker: shared, label: `${kind}-stop` };
      for (const how of WAYS) {
        await block(place, how, 'Task::stop', `Blocking${kind}Connector`);
        await connectorRuns(shared, nameOf(place, how), 1);
      }
      await isDeleted(place);
      await blocksAt(place, 'Task::stop');
      await normalConnectorWorks(place);
    });
  }

  test('R10.01 testWorkerRestartWithBlockInConnectorStart: a worker full of starts that never end stops, and so does the next', async () => {
    await using plugins = await aPluginFolder();
    for (const times of [1, 2]) {
      await using worker = await aWorker(plugins);
      const place = { worker, label: 'restart' };
      const send = () => WAYS.map((how) => block(place, how, 'Connector::start'));
      await allTimeOut(worker, send, STARTING);
      await blocksAt(place, 'Connector::start', times);
      await normalConnectorWorks(place);
      await worker.stop();
    }
  });

  test('R10.01 testWorkerRestartWithBlockInConnectorStop: a worker full of stops that never end stops, and the next one starts them', async () => {
    await using plugins = await aPluginFolder();
    for (const times of [1, 2]) {
      await using worker = await aWorker(plugins);
      const place = { worker, label: 'restart' };
      await Promise.all(WAYS.map((how) => block(place, how, 'Connector::stop')));
      await normalConnectorWorks(place);
      await worker.stop();
      await blocksAt(place, 'Connector::stop', times);
    }
  });
});

const STARTING = /is currently starting the connector/;
const VALIDATING = /is currently performing multi-property validation for the connector/;

const nameOf = ({ label }: Place, how: Way): string => `${label}-${how}`;

/** Creates a connector that never returns from somewhere. */
function block(
  place: Place,
  how: Way,
  point: string,
  connector = 'BlockingConnector',
): Promise<RestAnswer> {
  return create(place, how, { 'connector.class': connector, block: point });
}

function create(place: Place, how: Way, changes: Props): Promise<RestAnswer> {
  const config = { 'tasks.max': '1', topics: TOPIC, 'block.how': how, ...changes };
  return place.worker.ask('POST', '/connectors', { name: nameOf(place, how), config });
}

/** Until both kinds have come to where they never return. */
async function blocksAt(place: Place, point: string, times = 1): Promise<void> {
  await eventually(`both connectors to block at ${point} for the ${times}. time`, () =>
    WAYS.every((how) => {
      const blocks = place.worker.journal.entries(nameOf(place, how), 'block');
      return blocks.filter((entry) => entry['point'] === point).length >= times;
    }),
  );
}

async function isDeleted(place: Place): Promise<void> {
  const { worker } = place;
  const deleted = await Promise.all(
    WAYS.map((how) => worker.ask('DELETE', `/connectors/${nameOf(place, how)}`)),
  );
  assert.deepEqual(
    deleted.map(({ status }) => status),
    [204, 204],
  );
  for (const how of WAYS) await connectorIsGone(worker, nameOf(place, how));
}

async function normalConnectorWorks({ worker, label }: Place): Promise<void> {
  const name = `${label}-normal`;
  const committed = () => worker.journal.sum(`${name}-0`, 'committed', 'count');
  const before = committed();
  const config = sourceConfig(TOPIC, {
    'tasks.max': '1',
    throughput: '-1',
    'max.messages': String(RECORDS),
  });
  await worker.rest.createConnector({ name, config });
  await connectorRuns(worker, name, 1);
  await eventually('its records to be in Kafka', () => committed() === before + RECORDS);
}

async function allTimeOut(
  worker: ConnectWorker,
  send: () => readonly Promise<RestAnswer>[],
  stage: RegExp,
): Promise<void> {
  const answers = await worker.withRequestTimeout(REQUEST_TIMEOUT_MS, () => Promise.all(send()));
  for (const { status, body } of answers) {
    assert.equal(status, 500, JSON.stringify(body));
    assert.ok(typeof body === 'object' && body !== null && 'message' in body);
    assert.match(String(body.message), /^Request timed out\. The worker /);
    assert.match(String(body.message), stage);
  }
}
