import {
  SchemaBuilder,
  dateBuilder,
  decimalBuilder,
  timeBuilder,
  timestampBuilder,
  type Schema,
} from '@sluice/api';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JdbcType } from '../database/jdbc-type.ts';
import type { TableColumn } from '../database/table.ts';
import type { DatabaseFamily } from '../url/parsed-url.ts';
import type { WriteTarget } from './dialect.ts';
import { dialectOf } from './dialects.ts';
import { Identifiers } from './identifiers.ts';

function aColumn(name: string, jdbcType: JdbcType, castType: string): TableColumn {
  return {
    name,
    jdbcType,
    typeName: castType,
    precision: 0,
    scale: 0,
    isSigned: true,
    isNullable: true,
    isAutoIncrement: false,
    castType,
    hasDefault: false,
    isGenerated: false,
    keyPosition: 0,
  };
}

const FAMILIES: readonly DatabaseFamily[] = ['postgres', 'mysql', 'sqlite', 'oracle', 'sqlserver'];
const TABLE = { catalog: 'c', schema: 's', name: 'T' };

/** What a dialect writes for one table with a key and two columns. */
function sqlOf(family: DatabaseFamily, kind: WriteTarget['kind']): string {
  const dialect = dialectOf(family, '');
  const keys = [aColumn('id', 'BIGINT', 'int8')];
  const columns = [aColumn('Na"me', 'VARCHAR', 'text'), aColumn('at', 'TIMESTAMP', 'timestamp')];
  const target = { kind, table: TABLE, keys, columns: kind === 'delete' ? [] : columns };
  return dialect.rowWriter(target, new Identifiers(dialect.identifierRules)).sqlFor(2);
}

const WRITES: Readonly<Record<DatabaseFamily, Readonly<Record<WriteTarget['kind'], string>>>> = {
  postgres: {
    insert:
      'INSERT INTO "s"."T" ("id", "Na""me", "at") SELECT r.c1::int8, r.c2::text, r.c3::timestamp ' +
      'FROM unnest($1::text[], $2::text[], $3::text[]) AS r(c1, c2, c3)',
    upsert:
      'INSERT INTO "s"."T" ("id", "Na""me", "at") SELECT r.c1::int8, r.c2::text, r.c3::timestamp ' +
      'FROM unnest($1::text[], $2::text[], $3::text[]) AS r(c1, c2, c3) ON CONFLICT ("id") ' +
      'DO UPDATE SET "Na""me" = EXCLUDED."Na""me", "at" = EXCLUDED."at"',
    update:
      'UPDATE "s"."T" AS t SET "Na""me" = r.c2::text, "at" = r.c3::timestamp ' +
      'FROM unnest($1::text[], $2::text[], $3::text[]) AS r(c1, c2, c3) WHERE t."id" = r.c1::int8',
    delete: 'DELETE FROM "s"."T" AS t USING unnest($1::text[]) AS r(c1) WHERE t."id" = r.c1::int8',
  },
  mysql: {
    insert: 'INSERT INTO `c`.`T` (`id`, `Na"me`, `at`) VALUES (?,?,?),(?,?,?)',
    upsert:
      'INSERT INTO `c`.`T` (`id`, `Na"me`, `at`) VALUES (?,?,?),(?,?,?) ON DUPLICATE KEY UPDATE ' +
      '`Na"me`=VALUES(`Na"me`),`at`=VALUES(`at`)',
    update: 'UPDATE `c`.`T` SET `Na"me` = ?, `at` = ? WHERE `id` = ?',
    delete: 'DELETE FROM `c`.`T` WHERE (`id`) IN ((?),(?))',
  },
  sqlite: {
    insert: 'INSERT INTO "s"."T" ("id", "Na""me", "at") VALUES (?, ?, ?)',
    upsert:
      'INSERT INTO "s"."T" ("id", "Na""me", "at") VALUES (?, ?, ?) ON CONFLICT ("id") ' +
      'DO UPDATE SET "Na""me" = excluded."Na""me", "at" = excluded."at"',
    update: 'UPDATE "s"."T" SET "Na""me" = ?, "at" = ? WHERE "id" = ?',
    delete: 'DELETE FROM "s"."T" WHERE "id" = ?',
  },
  oracle: {
    insert:
      'INSERT INTO "s"."T" ("id", "Na""me", "at") VALUES ' +
      "(:1, :2, TO_TIMESTAMP(:3, 'YYYY-MM-DD HH24:MI:SS.FF9'))",
    upsert:
      'MERGE INTO "s"."T" target USING (SELECT :1 "id", :2 "Na""me", ' +
      `TO_TIMESTAMP(:3, 'YYYY-MM-DD HH24:MI:SS.FF9') "at" FROM dual) incoming ` +
      'ON (target."id" = incoming."id") WHEN MATCHED THEN UPDATE SET ' +
      'target."Na""me" = incoming."Na""me", target."at" = incoming."at" ' +
      'WHEN NOT MATCHED THEN INSERT ("id", "Na""me", "at") ' +
      'VALUES (incoming."id", incoming."Na""me", incoming."at")',
    update:
      'UPDATE "s"."T" SET "Na""me" = :1, ' +
      `"at" = TO_TIMESTAMP(:2, 'YYYY-MM-DD HH24:MI:SS.FF9') WHERE "id" = :3`,
    delete: 'DELETE FROM "s"."T" WHERE "id" = :1',
  },
  sqlserver: {
    insert: 'INSERT INTO [c].[s].[T] ([id], [Na"me], [at]) VALUES (@p1, @p2, @p3)',
    upsert:
      'MERGE INTO [c].[s].[T] WITH (HOLDLOCK) AS target USING ' +
      '(SELECT @p1 AS [id], @p2 AS [Na"me], @p3 AS [at]) AS incoming ' +
      'ON (target.[id] = incoming.[id]) WHEN MATCHED THEN UPDATE SET ' +
      'target.[Na"me] = incoming.[Na"me], target.[at] = incoming.[at] ' +
      'WHEN NOT MATCHED THEN INSERT ([id], [Na"me], [at]) ' +
      'VALUES (incoming.[id], incoming.[Na"me], incoming.[at]);',
    update: 'UPDATE [c].[s].[T] SET [Na"me] = @p1, [at] = @p2 WHERE [id] = @p3',
    delete: 'DELETE FROM [c].[s].[T] WHERE [id] = @p1',
  },
};

const SCHEMAS: readonly Schema[] = [
  SchemaBuilder.int8().build(),
  SchemaBuilder.int64().build(),
  SchemaBuilder.float32().build(),
  SchemaBuilder.bool().build(),
  SchemaBuilder.string().build(),
  SchemaBuilder.bytes().build(),
  decimalBuilder(2).build(),
  dateBuilder().build(),
  timeBuilder().build(),
  timestampBuilder().build(),
  SchemaBuilder.array(SchemaBuilder.int32().build()).build(),
];
const TYPES: Readonly<Record<DatabaseFamily, string>> = {
  postgres: 'SMALLINT BIGINT REAL BOOLEAN TEXT BYTEA DECIMAL DATE TIME TIMESTAMP INT[]',
  mysql:
    'TINYINT BIGINT FLOAT TINYINT TEXT VARBINARY(1024) DECIMAL(65,2) DATE TIME(3) DATETIME(3) JSON',
  sqlite: 'INTEGER INTEGER REAL INTEGER TEXT BLOB NUMERIC NUMERIC NUMERIC NUMERIC TEXT',
  oracle:
    'NUMBER(3,0) NUMBER(19,0) BINARY_FLOAT NUMBER(1,0) CLOB BLOB NUMBER(*,2) DATE DATE TIMESTAMP CLOB',
  sqlserver:
    'tinyint bigint real bit nvarchar(max) varbinary(max) decimal(38,2) date time datetime2 nvarchar(max)',
};

describe('dialects', () => {
  for (const family of FAMILIES) {
    const dialect = dialectOf(family, '');
    const identifiers = new Identifiers(dialect.identifierRules);
    for (const kind of ['insert', 'upsert', 'update', 'delete'] as const) {
      it(`${dialect.title}: writes the SQL of ${kind}`, () => {
        assert.equal(sqlOf(family, kind), WRITES[family][kind]);
      });
    }

    it(`${dialect.title}: has a column type for every schema`, () => {
      const types = SCHEMAS.map((schema) => dialect.columnType(schema, { isKey: false }));
      assert.equal(types.join(' '), TYPES[family]);
    });

    it(`${dialect.title}: quotes names and escapes the text of defaults`, () => {
      const note = SchemaBuilder.string().defaultValue("it's").build();
      const literal = dialect.defaultLiteral(note);
      const isTextless = family === 'mysql';
      assert.equal(literal, isTextless ? null : family === 'sqlserver' ? "N'it''s'" : "'it''s'");
      const { open, close } = dialect.identifierRules;
      assert.equal(identifiers.quote(`a${close}b`), `${open}a${close}${close}b${close}`);
      assert.throws(() => identifiers.quote('a\0b'), /can't be the name/);
      assert.throws(() => identifiers.quote(''), /can't be the name/);
    });
  }

  it('makes and changes tables', () => {
    const plans = [
      { name: 'id', type: 'BIGINT', isNullable: false, defaultLiteral: null },
      { name: 'n', type: 'INT', isNullable: true, defaultLiteral: '5' },
    ];
    const oracle = dialectOf('oracle', 'OracleDatabaseDialect');
    const identifiers = new Identifiers(oracle.identifierRules, 'never');
    assert.equal(
      oracle.createTable(TABLE, plans, ['id'], identifiers),
      'CREATE TABLE "S"."T" ("ID" BIGINT NOT NULL, "N" INT DEFAULT 5 NULL, PRIMARY KEY ("ID"))',
    );
    assert.deepEqual(oracle.addColumns(TABLE, plans, identifiers), [
      'ALTER TABLE "S"."T" ADD ("ID" BIGINT NOT NULL, "N" INT DEFAULT 5 NULL)',
    ]);
    const server = dialectOf('sqlserver', '');
    assert.deepEqual(
      server.addColumns(TABLE, plans.slice(1), new Identifiers(server.identifierRules)),
      ['ALTER TABLE [c].[s].[T] ADD [n] INT DEFAULT 5 NULL'],
    );
  });

  it('refuses a dialect.name of another database', () => {
    assert.throws(
      () => dialectOf('postgres', 'MySqlDatabaseDialect'),
      /dialect\.name: the connection URL is one of PostgreSQL/,
    );
  });

  it('knows errors that pass, errors of a row, and errors that somebody has to mend', () => {
    const kindOf = (family: DatabaseFamily, error: object): string =>
      dialectOf(family, '').problemOf(Object.assign(new Error('told'), error)).kind;
    assert.equal(kindOf('postgres', { code: '40P01' }), 'retriable');
    assert.equal(kindOf('postgres', { code: '22001' }), 'bad-row');
    assert.equal(kindOf('postgres', { code: '28P01' }), 'fatal');
    assert.equal(kindOf('mysql', { errno: 1213, code: 'ER_LOCK_DEADLOCK' }), 'retriable');
    assert.equal(kindOf('mysql', { errno: 1062, code: 'ER_DUP_ENTRY' }), 'bad-row');
    assert.equal(kindOf('mysql', { errno: 1045 }), 'fatal');
    assert.equal(kindOf('oracle', { errorNum: 60 }), 'retriable');
    assert.equal(kindOf('oracle', { errorNum: 1 }), 'bad-row');
    assert.equal(kindOf('oracle', { errorNum: 1017 }), 'fatal');
    assert.equal(kindOf('sqlserver', { number: 1205 }), 'retriable');
    assert.equal(kindOf('sqlserver', { number: 2627 }), 'bad-row');
    assert.equal(kindOf('sqlserver', { code: 'ELOGIN' }), 'fatal');
    for (const family of FAMILIES)
      assert.equal(kindOf(family, { code: 'ECONNRESET' }), 'retriable');
  });
});
