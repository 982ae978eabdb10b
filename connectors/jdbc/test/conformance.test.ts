import { SchemaBuilder, newStruct } from '@sluice/api';
import { makeTempDir } from '@sluice/testing';
import {
  connectorSuite,
  type SinkEnvironment,
  type SourceEnvironment,
} from '@sluice/testing/conformance';
import {
  aivenJdbcSink,
  aivenJdbcSource,
  debeziumJdbcSink,
  jdbcSink,
  jdbcSource,
} from '../src/index.ts';
import { databaseOf } from '../src/connection/connection-config.ts';
import { openConnection } from '../src/connection/open-connection.ts';
import { quietLogger } from './quiet-logger.ts';

const ROW = SchemaBuilder.struct()
  .field('id', SchemaBuilder.int32().build())
  .field('name', SchemaBuilder.string().optional().build())
  .build();
const manifest = new URL('../connect.json', import.meta.url);

/** A SQLite file; all topics go into one table. */
async function sinkDatabase(more: Readonly<Record<string, string>>): Promise<SinkEnvironment> {
  const dir = await makeTempDir('jdbc-conformance');
  const props = { 'connection.url': `jdbc:sqlite:${dir.join('x.db')}`, ...more };
  return {
    props,
    async received() {
      await using connection = await openConnection(databaseOf(props, quietLogger));
      const { rows } = await connection.query('SELECT count(*) FROM sqlite_schema WHERE name = ?', [
        'received',
      ]);
      if (Number(rows[0]?.[0]) === 0) return 0;
      const counted = await connection.query('SELECT count(*) FROM received');
      return Number(counted.rows[0]?.[0]);
    },
    async [Symbol.asyncDispose]() {
      await dir[Symbol.asyncDispose]();
    },
  };
}

for (const plugin of [jdbcSink, aivenJdbcSink])
  connectorSuite({
    plugin,
    manifest,
    environment: () =>
      sinkDatabase({
        'table.name.format': 'received',
        'auto.create': 'true',
        'auto.evolve': 'true',
      }),
  });
connectorSuite({
  plugin: debeziumJdbcSink,
  manifest,
  record: (index) => ({ valueSchema: ROW, value: newStruct(ROW, { id: index, name: 'löwe' }) }),
  environment: () =>
    sinkDatabase({ 'collection.name.format': 'received', 'schema.evolution': 'basic' }),
});

/** A SQLite file with one table, read by its ids, two rows at a time. */
async function sourceDatabase(): Promise<SourceEnvironment> {
  const dir = await makeTempDir('jdbc-conformance');
  const url = { 'connection.url': `jdbc:sqlite:${dir.join('x.db')}` };
  const connect = (): ReturnType<typeof openConnection> =>
    openConnection(databaseOf(url, quietLogger));
  {
    await using connection = await connect();
    await connection.execute('CREATE TABLE made (id INTEGER PRIMARY KEY NOT NULL, name TEXT)');
  }
  let made = 0;
  return {
    props: {
      ...url,
      mode: 'incrementing',
      'incrementing.column.name': 'id',
      'topic.prefix': 'p-',
      'poll.interval.ms': '20',
      'batch.max.rows': '2',
    },
    async produce(count) {
      await using connection = await connect();
      const rows = Array.from({ length: count }, () => [(made += 1), 'löwe'] as const);
      await connection.executeMany('INSERT INTO made VALUES (?, ?)', rows);
    },
    async [Symbol.asyncDispose]() {
      await dir[Symbol.asyncDispose]();
    },
  };
}

for (const plugin of [jdbcSource, aivenJdbcSource])
  connectorSuite({
    plugin,
    manifest,
    invalid: [
      { props: { mode: 'backwards' }, key: 'mode' },
      { props: { 'incrementing.column.name': 'nope' }, key: 'incrementing.column.name' },
    ],
    environment: sourceDatabase,
  });
