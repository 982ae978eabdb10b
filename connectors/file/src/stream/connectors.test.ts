import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aConnectorContext, aSourceConnectorContext } from '../../test/contexts.ts';
import { fileStreamSource } from './plugins.ts';
import { LineSinkConnector } from '../writing/line-sink-connector.ts';
import { FileStreamSourceConnector } from './source-connector.ts';

const PROPS = { name: 'f', file: '/data/in.txt', topic: 'lines' };
const changed = (
  partition: Readonly<Record<string, unknown>>,
  offset: Readonly<Record<string, unknown>> | null,
): Parameters<FileStreamSourceConnector['alterOffsets']>[1] => [{ partition, offset }];

describe('FileStreamSourceConnector', () => {
  const connector = new FileStreamSourceConnector();

  it('makes one task with its own config, however many are allowed', () => {
    connector.initialize(aSourceConnectorContext());
    connector.start(PROPS);
    assert.deepEqual(connector.taskConfigs(), [PROPS]);
  });

  it('needs a topic that is not empty', () => {
    const errorsOf = (props: Readonly<Record<string, string>>): readonly string[] =>
      fileStreamSource.config.validate(props).flatMap((value) => value.errorMessages);
    assert.deepEqual(errorsOf(PROPS), []);
    assert.deepEqual(errorsOf({ file: 'x' }), [
      'Missing required configuration "topic" which has no default value.',
    ]);
    assert.match(errorsOf({ topic: '' })[0] ?? '', /String must be non-empty/);
  });

  it('promises exactly-once for files only', () => {
    assert.equal(connector.exactlyOnceSupport(PROPS), 'SUPPORTED');
    assert.equal(connector.exactlyOnceSupport({ topic: 't' }), 'UNSUPPORTED');
    assert.equal(connector.exactlyOnceSupport({ topic: 't', file: '' }), 'UNSUPPORTED');
  });

  it('takes offsets of files, and the removal of any', () => {
    assert.equal(connector.alterOffsets(PROPS, []), true);
    assert.equal(
      connector.alterOffsets(PROPS, changed({ filename: 'old.txt' }, { position: 0 })),
      true,
    );
    assert.equal(connector.alterOffsets(PROPS, changed({ other: 1 }, null)), true);
  });

  it('refuses offsets that it could not use', () => {
    const alter = (
      partition: Readonly<Record<string, unknown>>,
      offset: Readonly<Record<string, unknown>>,
    ): boolean => connector.alterOffsets(PROPS, changed(partition, offset));
    const filename = '/data/in.txt';
    assert.throws(() => alter({ filename }, {}), /either be null or contain the key 'position'/);
    assert.throws(() => alter({ filename }, { position: '3' }), /expected to be a Long value/);
    assert.throws(() => alter({ filename }, { position: 1.5 }), /expected to be a Long value/);
    assert.throws(() => alter({ filename }, { position: -1 }), /should be a non-negative value/);
    assert.throws(() => alter({ file: 'x' }, { position: 1 }), /contain the key 'filename'/);
    assert.throws(
      () => connector.alterOffsets({ topic: 't' }, changed({ filename }, null)),
      /Offsets cannot be modified if the 'file' configuration is unspecified/,
    );
  });
});

describe('LineSinkConnector', () => {
  it('gives every task the same config', () => {
    const connector = new LineSinkConnector(() => '');
    connector.initialize(aConnectorContext());
    connector.start(PROPS);
    assert.deepEqual(connector.taskConfigs(3), [PROPS, PROPS, PROPS]);
    assert.equal(connector.alterOffsets(), true);
  });
});
