import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { freePort } from '@sluice/testing';
import { JdbcSourceConnector } from '../src/source/source-connector.ts';
import { DATABASES, type RunningDatabase } from './databases-under-test.ts';

async function errorsOf(
  props: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const values = await new JdbcSourceConnector().validate(props);
  const wrong = values.filter(({ errorMessages }) => errorMessages.length > 0);
  return Object.fromEntries(
    wrong.map(({ name, errorMessages }) => [name, errorMessages.join('; ')]),
  );
}

for (const { title, family, skip, start } of DATABASES) {
  describe(`configs of the JDBC source, checked on ${title}`, { skip }, () => {
    let database: RunningDatabase;
    let good: Readonly<Record<string, string>>;

    before(async () => {
      database = await start();
      await using db = await database.connect();
      await db.execute('CREATE TABLE people (id INT NOT NULL, name VARCHAR(10), seen INT)');
      good = {
        ...database.props,
        mode: 'incrementing',
        'incrementing.column.name': 'id',
        'table.whitelist': 'people',
        'topic.prefix': 'p',
      };
    });
    after(() => database[Symbol.asyncDispose]());

    it('finds nothing wrong with a good one, and recommends the tables that there are', async () => {
      assert.deepEqual(await errorsOf(good), {});
      const values = await new JdbcSourceConnector().validate(good);
      const list = values.find(({ name }) => name === 'table.whitelist');
      assert.ok(list?.recommendedValues.some((name) => String(name).endsWith('people')));
    });

    it('names a column that is not there, and one that may be null', async () => {
      const key = 'incrementing.column.name';
      const missing = await errorsOf({ ...good, [key]: 'nope' });
      assert.match(missing[key] ?? '', /no column "nope".*id, name, seen/);
      const nullable = await errorsOf({ ...good, [key]: 'seen' });
      assert.match(nullable[key] ?? '', /because this column is nullable.*validate\.non\.null/);
      assert.deepEqual(
        await errorsOf({ ...good, [key]: 'seen', 'validate.non.null': 'false' }),
        {},
      );
    });

    it('names a server that does not answer', async () => {
      if (family === 'sqlite') return;
      const url = (good['connection.url'] ?? '').replace(/:\d+\//, `:${await freePort()}/`);
      const errors = await errorsOf({ ...good, 'connection.url': url });
      assert.match(
        errors['connection.url'] ?? '',
        /^Could not connect to database\..*127\.0\.0\.1/s,
      );
    });

    it('refuses a mode, lists and a query that do not go together, without connecting', async () => {
      assert.match(
        (await errorsOf({ ...good, mode: '' }))['mode'] ?? '',
        /Query mode must be specified/,
      );
      const lists = await errorsOf({ ...good, 'table.blacklist': 'x' });
      assert.match(lists['table.whitelist'] ?? '', /exclusive/);
      assert.match((await errorsOf({ ...good, query: 'SELECT 1' }))['query'] ?? '', /table lists/);
      const zone = await errorsOf({ ...good, 'db.timezone': 'Mars/Phobos' });
      assert.match(JSON.stringify(zone), /Invalid time zone identifier/);
      const level = await errorsOf({ ...good, 'transaction.isolation.mode': 'LOOSE' });
      assert.match(level['transaction.isolation.mode'] ?? '', /READ_COMMITTED/);
    });
  });
}
