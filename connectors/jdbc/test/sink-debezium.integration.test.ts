import { SchemaBuilder, newSinkRecord, newStruct, type Schema, type SinkRecord } from '@sluice/api';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { debeziumSettings } from '../src/sink/debezium-config.ts';
import { DATABASES } from './databases-under-test.ts';
import { rowsOf, startSink } from './sink-run.ts';

const named = (builder: { name(name: string): { build(): Schema } }, name: string): Schema =>
  builder.name(name).build();
const ROW = SchemaBuilder.struct()
  .field('id', SchemaBuilder.int32().build())
  .field('born', named(SchemaBuilder.int32(), 'io.debezium.time.Date'))
  .field('at', named(SchemaBuilder.int64(), 'io.debezium.time.MicroTimestamp'))
  .field('zoned', named(SchemaBuilder.string(), 'io.debezium.time.ZonedTimestamp'))
  .field('doc', named(SchemaBuilder.string(), 'io.debezium.data.Json'))
  .optional()
  .build();
const ENVELOPE = SchemaBuilder.struct()
  .field('before', ROW)
  .field('after', ROW)
  .field('op', SchemaBuilder.string().build())
  .build();
const KEY = SchemaBuilder.struct().field('id', SchemaBuilder.int32().build()).build();

function anEvent(offset: number, op: string, id: number, at = 1_593_561_600_123_456): SinkRecord {
  const row = newStruct(ROW, {
    id,
    born: 18_444,
    at,
    zoned: '2020-07-01T02:00:00.123456+02:00',
    doc: '{"a": [1]}',
  });
  const values = { before: null, after: op === 'd' || op === 't' ? null : row, op };
  return newSinkRecord({
    topic: 'srv.shop.orders',
    kafkaPartition: 0,
    kafkaOffset: offset,
    keySchema: KEY,
    key: newStruct(KEY, { id }),
    valueSchema: ENVELOPE,
    value: newStruct(ENVELOPE, values),
  });
}

describe("Debezium's sink", () => {
  for (const { title, family, skip, start } of DATABASES) {
    it(`writes, changes, deletes and empties by envelopes on ${title}`, { skip }, async () => {
      await using database = await start();
      await using connection = await database.connect();
      const { 'connection.user': user, ...rest } = database.props;
      const props = {
        ...rest,
        ...(user === undefined ? {} : { 'connection.username': user }),
        'insert.mode': 'upsert',
        'primary.key.mode': 'record_key',
        'schema.evolution': 'basic',
        'delete.enabled': 'true',
        'truncate.enabled': 'true',
      };
      await using sink = await startSink(props, { readSettings: debeziumSettings });
      const select = 'SELECT id, born, at, zoned, doc FROM srv_shop_orders ORDER BY id';
      await sink.put(
        anEvent(0, 'r', 1),
        anEvent(1, 'c', 2),
        anEvent(2, 'u', 2),
        anEvent(3, 'd', 1),
      );
      const [row, more] = await rowsOf(connection, select);
      assert.equal(more, undefined);
      const [id, born, at, zoned, doc] = row ?? [];
      assert.equal(id, '2');
      assert.deepEqual(JSON.parse(doc ?? ''), { a: [1] });
      if (family === 'sqlite') assert.equal(at, '1593561600123');
      else {
        assert.equal(born, '2020-07-01');
        assert.equal(at, '2020-07-01 00:00:00.123456');
        assert.match(zoned ?? '', /^2020-07-01 00:00:00\.123456/);
      }
      await sink.put(anEvent(4, 't', 0));
      assert.deepEqual(await rowsOf(connection, select), []);
    });
  }
});
