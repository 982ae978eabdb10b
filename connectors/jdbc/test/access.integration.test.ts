import { RetriableError, SchemaBuilder, type ConfigValue, type Props } from '@sluice/api';
import { waitUntil } from '@sluice/testing';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import type { DatabaseConnection } from '../src/database/database-connection.ts';
import { jdbcSink, jdbcSource } from '../src/index.ts';
import { validateSource } from '../src/source/source-validation.ts';
import type { DatabaseFamily } from '../src/url/parsed-url.ts';
import { DATABASES, type RunningDatabase } from './databases-under-test.ts';
import { aRecord, rowsOf, startSink } from './sink-run.ts';
import { SourceRun } from './source-run.ts';

const USER = 'guarded';
const PASSWORD = 'geheim-1';
const WRONG_PASSWORD = 'falsch-2';
const GRANT = /denied.*Grant the privilege to the user of connection\.user/s;
const ROW = SchemaBuilder.struct().field('id', SchemaBuilder.int32().build()).build();
const WIDER = SchemaBuilder.struct()
  .field('id', SchemaBuilder.int32().build())
  .field('more', SchemaBuilder.int32().optional().build())
  .build();

/** Asks this user for a password, others for none. */
async function requirePassword(admin: DatabaseConnection): Promise<void> {
  const [found] = await rowsOf(admin, "SELECT current_setting('hba_file')");
  const rules = [`host all ${USER} 127.0.0.1/32 scram-sha-256`, 'host all all 127.0.0.1/32 trust'];
  const lines = rules.map((rule) => `'${rule}'`).join(', ');
  await admin.execute(`COPY (SELECT unnest(ARRAY[${lines}])) TO '${found?.[0]}'`);
  await admin.execute('SELECT pg_reload_conf()');
}

/** A user who may connect to `shop`, read `readable`, and do nothing else. */
async function addUser(family: DatabaseFamily, admin: DatabaseConnection): Promise<void> {
  for (const table of ['secret', 'readable']) {
    await admin.execute(`CREATE TABLE ${table} (id INT NOT NULL PRIMARY KEY)`);
  }
  await admin.execute('CREATE DATABASE closed');
  if (family === 'postgres') {
    await admin.execute(`CREATE ROLE ${USER} LOGIN PASSWORD '${PASSWORD}'`);
    await admin.execute(`GRANT SELECT ON readable TO ${USER}`);
    await admin.execute('REVOKE CONNECT ON DATABASE closed FROM PUBLIC');
    // On 18 nobody has this right by default, on 15 neither.
    await admin.execute('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
    await requirePassword(admin);
  } else {
    await admin.execute(`CREATE USER '${USER}'@'%' IDENTIFIED BY '${PASSWORD}'`);
    await admin.execute(`GRANT SELECT ON shop.readable TO '${USER}'@'%'`);
  }
}

/** What was thrown, with all that a log would show of it. */
async function failureOf(action: Promise<unknown>): Promise<Error> {
  const failure: unknown = await action.then(
    () => null,
    (error: unknown) => error,
  );
  assert.ok(failure instanceof Error, 'it did not fail');
  assertNoSecret(inspect(failure, { depth: 9 }));
  return failure;
}

function assertNoSecret(text: string): void {
  assert.doesNotMatch(text, new RegExp(`${PASSWORD}|${WRONG_PASSWORD}`));
}

/** Errors by key; none shows a password. */
function errorsIn(values: readonly ConfigValue[]): Readonly<Record<string, string>> {
  const wrong = values.filter(({ errorMessages }) => errorMessages.length > 0);
  const errors = wrong.map(({ name, errorMessages }) => [name, errorMessages.join('; ')] as const);
  assertNoSecret(JSON.stringify(errors));
  return Object.fromEntries(errors);
}

const sourceErrors = async (props: Props): Promise<Readonly<Record<string, string>>> =>
  errorsIn((await jdbcSource.create().validate?.(props)) ?? []);
const sinkErrors = async (props: Props): Promise<Readonly<Record<string, string>>> =>
  errorsIn((await jdbcSink.create().validate?.(props)) ?? []);

for (const { title, family, skip, start } of DATABASES.filter((one) => one.family !== 'sqlite')) {
  describe(`access to ${title}`, { skip }, () => {
    let database: RunningDatabase;
    let user: Readonly<Record<string, string>>;
    const reading = { mode: 'bulk', 'topic.prefix': 'p', 'connection.backoff.ms': '50' };

    before(async () => {
      database = await start();
      await using admin = await database.connect();
      await addUser(family, admin);
      user = { ...database.props, 'connection.user': USER, 'connection.password': PASSWORD };
      await waitUntil('a wrong password to be refused', async () => {
        const errors = await sinkErrors({ ...user, 'connection.password': WRONG_PASSWORD });
        return Object.keys(errors).length > 0;
      });
    });
    after(() => database[Symbol.asyncDispose]());

    const inDatabase = (props: Readonly<Record<string, string>>, name: string): Props => ({
      ...props,
      'connection.url': (props['connection.url'] ?? '').replace('/shop', `/${name}`),
    });

    /** All four ways to find out: both validations, and both starts. */
    async function assertRefused(props: Props, expected: RegExp): Promise<void> {
      for (const errors of [
        await sourceErrors({ ...props, ...reading }),
        await sinkErrors(props),
      ]) {
        assert.match(errors['connection.url'] ?? '', /^Could not connect to database\. /);
        assert.match(errors['connection.url'] ?? '', expected);
      }
      assert.match((await failureOf(SourceRun.start({ ...props, ...reading }))).message, expected);
      const failure = await failureOf(startSink(props));
      assert.match(failure.message, expected);
      assert.ok(!(failure instanceof RetriableError), 'no other try mends it');
    }

    it('names the user whose password is wrong, and shows none', async () => {
      const props = { ...user, 'connection.password': WRONG_PASSWORD };
      await assertRefused(
        props,
        /as "guarded": .*(?:password|denied).*Correct connection\.user and connection\.password/s,
      );
      assert.deepEqual(await sinkErrors(user), {});
    });

    it('names a database that is not there, and one that is closed to the user', async () => {
      await assertRefused(inDatabase(database.props, 'nowhere'), /nowhere.*Create the database/s);
      await assertRefused(inDatabase(user, 'closed'), GRANT);
    });

    it('names a table that the source may not read', async () => {
      const props = { ...user, ...reading, 'table.whitelist': 'readable' };
      assert.deepEqual(await sourceErrors(props), {});
      if (family === 'postgres') {
        // MySQL hides tables that a user may do nothing with, so that they are not found at all.
        const errors = await sourceErrors({ ...props, 'table.whitelist': 'secret' });
        assert.match(errors['table.whitelist'] ?? '', /read the table public\.secret/);
        assert.match(errors['table.whitelist'] ?? '', GRANT);
      }
      await using run = await SourceRun.start({
        ...user,
        ...reading,
        query: 'SELECT * FROM secret',
        'query.retry.attempts': '0',
      });
      const { message } = await failureOf(run.poll(1));
      assert.match(message, /^Failed to query table after retries: Could not read the query: /);
      assert.match(message, GRANT);
    });

    it('names what the sink may not do, and keeps its records from the dead letter queue', async () => {
      const insert = await startSink({ ...user, 'table.name.format': 'readable' });
      const failure = await failureOf(insert.put(aRecord(0, ROW, { id: 1 })));
      assert.match(failure.message, /write a batch/);
      assert.match(failure.message, GRANT);
      assert.ok(!(failure instanceof RetriableError));
      assert.deepEqual(insert.reported, []);
      await insert.task.stop();

      const changes = [
        ['fresh', 'auto.create', ROW],
        ['readable', 'auto.evolve', WIDER],
      ] as const;
      for (const [table, key, schema] of changes) {
        const props = { ...user, 'table.name.format': table, [key]: 'true' };
        await using sink = await startSink(props, { hasReporter: false });
        const { message } = await failureOf(sink.put(aRecord(0, schema, { id: 1 })));
        assert.match(message, new RegExp(`make or change the table "${table}"`));
        assert.match(
          message,
          /(?:denied|must be owner).*Grant the privilege to the user of connection\.user/s,
        );
      }
    });

    it('ends a validation in time when a table is locked', async () => {
      if (family !== 'postgres') return;
      await using other = await database.connect();
      await other.begin();
      await other.execute('LOCK TABLE readable IN ACCESS EXCLUSIVE MODE');
      const props = { ...user, ...reading, 'table.whitelist': 'readable' };
      const values = jdbcSource.config.validate(props);
      const errors = errorsIn(await validateSource(props, values, 2000));
      assert.match(errors['connection.url'] ?? '', /no answer .* within 2000 ms.*locked a table/s);
      await other.rollback();
      assert.deepEqual(await sourceErrors(props), {});
    });
  });
}
