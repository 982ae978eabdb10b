import { SchemaBuilder, newStruct } from '@sluice/api';
import { makeTempDir } from '@sluice/testing';
import { connectorSuite, type SinkEnvironment } from '@sluice/testing/conformance';
import { debeziumJdbcSink, jdbcSink, aivenJdbcSink } from '../src/index.ts';
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
