import { freePort } from '@sluice/testing';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jdbcSink } from '../src/index.ts';
import { DATABASES } from './databases-under-test.ts';

/** The errors of a config, by key. */
async function errorsOf(
  props: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const values = (await jdbcSink.create().validate?.(props)) ?? [];
  const wrong = values.filter(({ errorMessages }) => errorMessages.length > 0);
  return Object.fromEntries(wrong.map(({ name, errorMessages }) => [name, errorMessages]));
}

describe('validation of the sink', () => {
  for (const { title, skip, start } of DATABASES) {
    it(`connects to ${title}`, { skip }, async () => {
      await using database = await start();
      assert.deepEqual(await errorsOf(database.props), {});
      const url = database.props['connection.url'] ?? '';
      const isServed = database.server !== null;
      const missing = isServed ? url.replace('/shop', '/none') : 'jdbc:sqlite:/none/there.db';
      const errors = await errorsOf({ ...database.props, 'connection.url': missing });
      assert.match(
        errors['connection.url']?.[0] ?? '',
        isServed
          ? /Create the database, or correct its name/
          : /Correct the path in connection\.url/,
      );
      assert.match(errors['connection.user']?.[0] ?? '', /^Could not connect to database\. /);
    });
  }

  it('tells that nobody listens, and what to correct', async () => {
    const url = `jdbc:postgresql://127.0.0.1:${await freePort()}/d?password=geheim`;
    const errors = await errorsOf({ 'connection.url': url, 'connection.user': 'me' });
    const text = errors['connection.url']?.[0] ?? '';
    assert.match(text, /connect to PostgreSQL at 127\.0\.0\.1:\d+\/d as "me": .*ECONNREFUSED/);
    assert.match(text, /Correct the host and port/);
    assert.doesNotMatch(JSON.stringify(errors), /geheim/);
  });

  it('finds keys that are wrong, alone and together', async () => {
    const sqlite = { 'connection.url': 'jdbc:sqlite::memory:' };
    assert.match(
      (await errorsOf({ ...sqlite, 'delete.enabled': 'true' }))['delete.enabled']?.[0] ?? '',
      /Deletes are only supported for pk\.mode record_key/,
    );
    assert.match(
      (await errorsOf({ ...sqlite, 'pk.mode': 'kafka', 'pk.fields': 'a,b' }))['pk.fields']?.[0] ??
        '',
      /exactly three names/,
    );
    assert.match(
      (await errorsOf({ ...sqlite, 'insert.mode': 'upsert' }))['pk.mode']?.[0] ?? '',
      /insert\.mode=upsert needs a primary key/,
    );
    assert.ok((await errorsOf({ ...sqlite, 'insert.mode': 'merge' }))['insert.mode']);
    assert.ok((await errorsOf({ ...sqlite, 'db.timezone': 'Mars' }))['db.timezone']);
    const secret = await errorsOf({ 'connection.url': 'jdbc:db2://h:1/x:password=geheim' });
    assert.match(secret['connection.url']?.[0] ?? '', /names no database that is known/);
    assert.doesNotMatch(JSON.stringify(secret), /geheim/);
  });
});
