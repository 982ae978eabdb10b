import {
  Decimal,
  INT32_SCHEMA,
  RetriableError,
  SchemaBuilder,
  dateBuilder,
  decimalBuilder,
  javaClassName,
  newStruct,
  timeBuilder,
  timestampBuilder,
  type Props,
  type Schema,
} from '@sluice/api';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { DatabaseConnection } from '../src/database/database-connection.ts';
import { Identifiers } from '../src/dialect/identifiers.ts';
import { dialectOf } from '../src/dialect/dialects.ts';
import { DATABASES, type RunningDatabase } from './databases-under-test.ts';
import { aRecord, rowsOf, startSink } from './sink-run.ts';

const PERSON: Schema = SchemaBuilder.struct()
  .name('Person')
  .field('id', SchemaBuilder.int32().build())
  .field('Name', SchemaBuilder.string().optional().build())
  .build();
const ALL_TYPES: Schema = SchemaBuilder.struct()
  .field('i8', SchemaBuilder.int8().build())
  .field('i64', SchemaBuilder.int64().build())
  .field('f64', SchemaBuilder.float64().build())
  .field('f32', SchemaBuilder.float32().build())
  .field('yes', SchemaBuilder.bool().build())
  .field('text', SchemaBuilder.string().build())
  .field('bytes', SchemaBuilder.bytes().build())
  .field('dec', decimalBuilder(4).build())
  .field('day', dateBuilder().build())
  .field('clock', timeBuilder().build())
  .field('at', timestampBuilder().build())
  .field('list', SchemaBuilder.array(SchemaBuilder.string().build()).build())
  .field('inner', PERSON)
  .build();
const KEY: Schema = SchemaBuilder.struct().field('id', SchemaBuilder.int32().build()).build();
const keyOf = (id: number) => ({ keySchema: KEY, key: newStruct(KEY, { id }) });

for (const { title, family, skip, start } of DATABASES) {
  describe(`the sink on ${title}`, { skip }, () => {
    let database: RunningDatabase;
    let connection: DatabaseConnection;
    let count = 0;
    const dialect = dialectOf(family, '');
    const identifiers = new Identifiers(dialect.identifierRules);
    const q = (name: string): string => identifiers.quote(name);

    before(async () => {
      database = await start();
      connection = await database.connect();
    });
    after(async () => {
      await connection[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    });

    /** Props for a table of the test's own. */
    function propsFor(more: Props = {}): { readonly table: string; readonly props: Props } {
      count += 1;
      const table = `Table_${count}`;
      return {
        table,
        props: { ...database.props, 'table.name.format': table, 'auto.create': 'true', ...more },
      };
    }
    const select = (table: string, columns: string): Promise<readonly unknown[]> =>
      rowsOf(connection, `SELECT ${columns} FROM ${q(table)} ORDER BY 1`);

    it('makes the table and inserts', async () => {
      const { table, props } = propsFor();
      await using sink = await startSink(props);
      await sink.put(
        aRecord(0, PERSON, { id: 1, Name: 'O\'Hara \\ "x"' }),
        aRecord(1, PERSON, { id: 2 }),
      );
      assert.deepEqual(await select(table, `${q('id')}, ${q('Name')}`), [
        ['1', 'O\'Hara \\ "x"'],
        ['2', null],
      ]);
    });

    it('upserts by the key of the record, deletes on null, in the order of the records', async () => {
      const { table, props } = propsFor({
        'insert.mode': 'upsert',
        'pk.mode': 'record_key',
        'delete.enabled': 'true',
      });
      await using sink = await startSink(props);
      await sink.put(
        aRecord(0, PERSON, { id: 1, Name: 'a' }, keyOf(1)),
        aRecord(1, PERSON, { id: 2, Name: 'b' }, keyOf(2)),
        aRecord(2, PERSON, { id: 1, Name: 'a2' }, keyOf(1)),
        aRecord(3, PERSON, null, keyOf(2)),
        aRecord(4, PERSON, { id: 3, Name: 'c' }, keyOf(3)),
        aRecord(5, PERSON, null, keyOf(3)),
        aRecord(6, PERSON, { id: 3, Name: 'c2' }, keyOf(3)),
        aRecord(7, PERSON, null, keyOf(99)),
      );
      const columns = `${q('id')}, ${q('Name')}`;
      assert.deepEqual(await select(table, columns), [
        ['1', 'a2'],
        ['3', 'c2'],
      ]);
      await sink.put(aRecord(8, PERSON, { id: 1, Name: null }, keyOf(1)));
      assert.deepEqual(await select(table, columns), [
        ['1', null],
        ['3', 'c2'],
      ]);
    });

    it('has nothing to do for deletes of a table that is not there', async () => {
      const { table, props } = propsFor({
        'insert.mode': 'upsert',
        'pk.mode': 'record_key',
        'delete.enabled': 'true',
      });
      await using sink = await startSink(props);
      await sink.put(aRecord(0, PERSON, null, keyOf(1)));
      await sink.put(aRecord(1, PERSON, { id: 1, Name: 'a' }, keyOf(1)));
      assert.deepEqual(await select(table, `${q('id')}, ${q('Name')}`), [['1', 'a']]);
    });

    it('updates only what is there', async () => {
      const { table, props } = propsFor({ 'pk.mode': 'record_value', 'pk.fields': 'id' });
      {
        await using sink = await startSink(props);
        await sink.put(aRecord(0, PERSON, { id: 1, Name: 'a' }));
      }
      await using sink = await startSink({ ...props, 'insert.mode': 'update' });
      const onlyKey = SchemaBuilder.struct().field('id', SchemaBuilder.int32().build()).build();
      await sink.put(
        aRecord(1, PERSON, { id: 1, Name: 'new' }),
        aRecord(3, onlyKey, { id: 3 }),
        aRecord(2, PERSON, { id: 2, Name: 'none' }),
      );
      assert.deepEqual(await select(table, `${q('id')}, ${q('Name')}`), [['1', 'new']]);
    });

    it('keys rows by topic, partition and offset', async () => {
      const { table, props } = propsFor({ 'pk.mode': 'kafka', 'insert.mode': 'upsert' });
      await using sink = await startSink(props);
      await sink.put(aRecord(7, PERSON, { id: 1, Name: 'a' }));
      await sink.put(aRecord(7, PERSON, { id: 1, Name: 'again' }), aRecord(8, PERSON, { id: 1 }));
      assert.deepEqual(
        await select(
          table,
          ['__connect_offset', '__connect_topic', '__connect_partition', 'Name'].map(q).join(','),
        ),
        [
          ['7', 't', '0', 'again'],
          ['8', 't', '0', null],
        ],
      );
    });

    it('adds columns while running, with their defaults, and takes primitive keys', async () => {
      const { table, props } = propsFor({
        'auto.evolve': 'true',
        'pk.mode': 'record_key',
        'pk.fields': 'key',
        'insert.mode': 'upsert',
      });
      const key = (id: number) => ({ keySchema: INT32_SCHEMA, key: id });
      const wider = SchemaBuilder.struct()
        .field('id', SchemaBuilder.int32().build())
        .field('Name', SchemaBuilder.string().optional().build())
        .field('note', SchemaBuilder.int64().optional().build())
        .field('level', SchemaBuilder.int32().defaultValue(5).build())
        .build();
      await using sink = await startSink(props);
      await sink.put(aRecord(0, PERSON, { id: 1 }, key(10)));
      await sink.put(aRecord(1, wider, { id: 2, note: 2n ** 62n + 1n }, key(11)));
      await sink.put(aRecord(2, PERSON, { id: 3 }, key(12)));
      assert.deepEqual(await select(table, ['key', 'id', 'note', 'level'].map(q).join(',')), [
        ['10', '1', null, '5'],
        ['11', '2', '4611686018427387905', '5'],
        ['12', '3', null, '5'],
      ]);
    });

    it('keeps every type exact', async () => {
      const { table, props } = propsFor({
        'db.timezone': 'Asia/Kathmandu',
        'date.timezone': 'UTC',
      });
      await using sink = await startSink(props);
      await sink.put(
        aRecord(0, ALL_TYPES, {
          i8: -128,
          i64: -(2n ** 63n),
          f64: 0.1,
          f32: 0.5,
          yes: true,
          text: '日本 😀 {"a":1}\n\t\\N',
          bytes: Uint8Array.of(0, 255, 92, 39),
          dec: new Decimal(123456789012345n, 4),
          day: new Date('2020-02-29'),
          clock: new Date(3_723_004),
          at: new Date('2020-07-01T00:00:00.123Z'),
          list: ['a', 'NULL', '"\\{}', ''],
          inner: newStruct(PERSON, { id: 1, Name: 'x' }),
        }),
      );
      assert.deepEqual(sink.reported, []);
      const names = 'i64,f64,f32,text,bytes,dec'.split(',').map(q).join(',');
      assert.deepEqual(await select(table, names), [
        [
          '-9223372036854775808',
          '0.1',
          '0.5',
          '日本 😀 {"a":1}\n\t\\N',
          '00ff5c27',
          '12345678901.2345',
        ],
      ]);
      const [times] = await rowsOf(
        connection,
        `SELECT ${['day', 'clock', 'at'].map(q).join(',')} FROM ${q(table)}`,
      );
      const expected =
        family === 'sqlite'
          ? [
              String(Date.parse('2020-02-29')),
              '3723004',
              String(Date.parse('2020-07-01T00:00:00.123Z')),
            ]
          : ['2020-02-29', '01:02:03.004', '2020-07-01 05:45:00.123'];
      assert.deepEqual(times, expected);
      const [nested] = await rowsOf(
        connection,
        `SELECT ${q('list')}, ${q('inner')} FROM ${q(table)}`,
      );
      assert.deepEqual(JSON.parse(nested?.[1] ?? ''), { id: 1, Name: 'x' });
      if (family === 'postgres') assert.equal(nested?.[0], '{a,"NULL","\\"\\\\{}",""}');
      else assert.deepEqual(JSON.parse(nested?.[0] ?? ''), ['a', 'NULL', '"\\{}', '']);
    });

    it('sends only the poisoned rows to the reporter, and writes all others', async () => {
      const { table, props } = propsFor({ 'pk.mode': 'record_value', 'pk.fields': 'id' });
      await using sink = await startSink(props);
      await sink.put(aRecord(0, PERSON, { id: 500, Name: 'there' }));
      const batch = Array.from({ length: 1000 }, (_, i) => aRecord(i + 1, PERSON, { id: i }));
      await sink.put(
        ...batch,
        aRecord(1001, PERSON, { id: 7 }),
        aRecord(1002, PERSON, { id: 2000 }),
      );
      assert.deepEqual(
        sink.reported.map(({ offset }) => offset),
        [501, 1001],
      );
      assert.equal(javaClassName(sink.reported[0]?.error), 'java.sql.SQLException');
      assert.match(sink.reported[0]?.error.message ?? '', /insert into .* record at \(topic='t'/);
      assert.deepEqual(await rowsOf(connection, `SELECT count(*) FROM ${q(table)}`), [['1001']]);
    });

    it('fails with the record, and writes nothing of its batch, when there is no reporter', async () => {
      const { table, props } = propsFor({ 'pk.mode': 'record_value', 'pk.fields': 'id' });
      await using sink = await startSink(props, { hasReporter: false });
      const batch = [1, 2, 2, 3].map((id, i) => aRecord(i, PERSON, { id }));
      await assert.rejects(sink.put(...batch), (error: Error) => {
        assert.match(error.message, /offset=2.*correct the row, or use insert\.mode=upsert/s);
        return !(error instanceof RetriableError);
      });
      assert.deepEqual(await rowsOf(connection, `SELECT count(*) FROM ${q(table)}`), [['0']]);
    });

    it('can not be made to run SQL by names of topics and fields', async () => {
      await connection.execute(`CREATE TABLE victim (id INT)`);
      const hostile = [
        `a"; DROP TABLE victim; --`,
        'b`; DROP TABLE victim; #',
        `c'); DROP TABLE victim; --`,
        'd] ; DROP TABLE victim',
        `e\\"; DROP TABLE victim; --`,
        'ключ € $1 ? :x @p ${topic}',
        // The driver of MySQL reads no result with such a column.
        ...(family === 'mysql' ? [] : ['__proto__']),
        'select',
      ];
      const builder = SchemaBuilder.struct().field('id', SchemaBuilder.int32().build());
      for (const name of hostile) builder.field(name, SchemaBuilder.string().optional().build());
      const built = builder.build();
      for (const [i, name] of hostile.entries()) {
        const table = name.replaceAll('.', '_');
        const props = { ...database.props, 'auto.create': 'true', 'table.name.format': '${topic}' };
        for (const mode of ['insert', 'upsert', 'update']) {
          await using sink = await startSink({
            ...props,
            'insert.mode': mode,
            'pk.mode': 'record_value',
            'pk.fields': 'id',
          });
          const values = Object.fromEntries(hostile.map((field) => [field, field]));
          const id = mode === 'update' ? 0 : i + (mode === 'insert' ? 0 : 100);
          await sink.put(aRecord(i, built, { id, ...values }, { topic: table }));
          assert.deepEqual(
            sink.reported.map(({ error }) => error.message),
            [],
          );
        }
        const [row] = await rowsOf(connection, `SELECT * FROM ${q(table)} ORDER BY 1`);
        assert.equal(row?.length, hostile.length + 1);
        assert.deepEqual(row?.slice(1), hostile);
      }
      assert.deepEqual(await rowsOf(connection, 'SELECT count(*) FROM victim'), [['0']]);
      await using sink = await startSink({
        ...database.props,
        'auto.create': 'true',
        'table.name.format': 'a\0b',
      });
      await assert.rejects(sink.put(aRecord(0, PERSON, { id: 1 })), /can't be the name of a table/);
    });

    it('says what to do about a missing table and missing columns', async () => {
      const { table, props } = propsFor({ 'auto.create': 'false' });
      {
        await using sink = await startSink(props, { hasReporter: false });
        await assert.rejects(
          sink.put(aRecord(0, PERSON, { id: 1 })),
          /is missing and auto-creation is disabled.*auto\.create=true/,
        );
      }
      await connection.execute(`CREATE TABLE ${q(table)} (${q('ID')} INT)`);
      await using sink = await startSink(props);
      await sink.put(aRecord(0, PERSON, { id: 1 }));
      assert.match(
        sink.reported[0]?.error.message ?? '',
        /missing fields \(\[Name\]\) and auto-evolution is disabled/,
      );
      // A column whose name differs in case only is found; one that is added outside is noticed.
      await connection.execute(`ALTER TABLE ${q(table)} ADD ${q('NAME')} VARCHAR(10)`);
      await sink.put(aRecord(1, PERSON, { id: 2, Name: 'x' }));
      assert.deepEqual(await select(table, `${q('ID')}, ${q('NAME')}`), [['2', 'x']]);
    });

    it('refuses null values and missing keys by naming the record', async () => {
      const { props } = propsFor({ 'pk.mode': 'record_key' });
      await using sink = await startSink(props);
      await assert.rejects(
        sink.put(aRecord(3, PERSON, null, keyOf(1))),
        /non-null Struct value.*offset=3/,
      );
      await assert.rejects(
        sink.put(aRecord(4, PERSON, { id: 1 })),
        /requires a key with a schema.*offset=4/,
      );
    });

    it('writes each record once and seeks to its own offsets, with sluice.exactly.once', async () => {
      const { table, props } = propsFor({ 'sluice.exactly.once': 'true' });
      const eos = { ...props, name: table };
      {
        await using sink = await startSink(eos);
        assert.deepEqual(sink.rewinds, []);
        await sink.put(aRecord(0, PERSON, { id: 0 }), aRecord(1, PERSON, { id: 1 }));
      }
      await using sink = await startSink(eos);
      assert.deepEqual(sink.rewinds, [[{ topic: 't', partition: 0, offset: 2 }]]);
      await sink.put(aRecord(1, PERSON, { id: 1 }), aRecord(2, PERSON, { id: 2 }));
      // Another task that holds the same partition is told to go where this one is.
      await using zombie = await startSink(eos);
      await sink.put(aRecord(3, PERSON, { id: 3 }));
      await zombie.put(aRecord(3, PERSON, { id: 3 }));
      assert.deepEqual(zombie.rewinds.at(-1), [{ topic: 't', partition: 0, offset: 4 }]);
      assert.deepEqual(await select(table, q('id')), [['0'], ['1'], ['2'], ['3']]);
    });
  });
}
