import { SchemaBuilder, newSinkRecord, newStruct } from '@sluice/api';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { quietLogger } from '../../test/quiet-logger.ts';
import { aivenSettings } from './aiven-config.ts';
import { flattenEnvelope } from './debezium-envelope.ts';
import { debeziumSettings } from './debezium-config.ts';

const ROW = SchemaBuilder.struct().field('id', SchemaBuilder.int32().build()).optional().build();
const SOURCE = SchemaBuilder.struct().field('table', SchemaBuilder.string().build()).build();
const ENVELOPE = SchemaBuilder.struct()
  .field('before', ROW)
  .field('after', ROW)
  .field('source', SOURCE)
  .field('op', SchemaBuilder.string().build())
  .build();

function anEvent(op: string, after: object | null) {
  return newSinkRecord({
    topic: 'srv.shop.Orders',
    kafkaPartition: 0,
    kafkaOffset: 1,
    valueSchema: ENVELOPE,
    value: newStruct(ENVELOPE, {
      before: null,
      after,
      source: newStruct(SOURCE, { table: 'o' }),
      op,
    }),
  });
}

describe("Debezium's sink", () => {
  it('takes the row out of an envelope', () => {
    const change = flattenEnvelope(anEvent('c', newStruct(ROW, { id: 1 })));
    assert.ok(change.type === 'row');
    assert.deepEqual({ ...Object(change.record.value) }, { id: 1 });
    const removed = flattenEnvelope(anEvent('d', null));
    assert.ok(removed.type === 'row' && removed.record.value === null);
    assert.equal(flattenEnvelope(anEvent('t', null)).type, 'truncate');
    assert.equal(flattenEnvelope(anEvent('m', null)).type, 'nothing');
  });

  it('understands its keys, old names too', () => {
    const settings = debeziumSettings(
      {
        'connection.url': 'jdbc:postgresql://h/d',
        'connection.username': 'me',
        'connection.pool.max_size': '3',
        'insert.mode': 'upsert',
        'primary.key.mode': 'record_key',
        'schema.evolution': 'basic',
        'table.name.format': 'x_${topic}_${source.table}',
        'field.exclude.list': 'srv.shop.Orders:secret,all',
      },
      quietLogger,
    );
    assert.equal(settings.tableFor(anEvent('c', null)), 'x_srv_shop_Orders_o');
    assert.equal(settings.database.target.user, 'me');
    assert.ok(settings.hasAutoCreate && settings.hasAutoEvolve && settings.bind.isDebezium);
    assert.ok(!settings.isFieldKept('srv.shop.Orders', 'secret'));
    assert.ok(settings.isFieldKept('other', 'secret'));
    assert.ok(!settings.isFieldKept('other', 'all'));
    assert.equal(settings.identifiers.quote('Ab'), '"ab"');
  });
});

describe("Aiven's sink", () => {
  it('understands its keys', () => {
    const settings = aivenSettings(
      {
        'connection.url': 'jdbc:postgresql://h/d',
        'insert.mode': 'multi',
        'table.name.normalize': 'true',
        'topics.to.tables.mapping': 'a:b',
        'sql.quote.identifiers': 'false',
      },
      quietLogger,
    );
    const named = (topic: string): string =>
      settings.tableFor(newSinkRecord({ topic, kafkaPartition: 0, kafkaOffset: 0 }));
    assert.equal(settings.insertMode, 'insert');
    assert.equal(named('a'), 'b');
    assert.equal(named('my-topic.x'), 'my_topic_x');
    assert.equal(settings.identifiers.quote('Ab'), '"ab"');
  });
});
