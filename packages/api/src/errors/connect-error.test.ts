import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from './config-error.ts';
import { ConnectError } from './connect-error.ts';
import { DataError } from './data-error.ts';
import { javaClassName } from './java-names.ts';
import { NotFoundError } from './not-found-error.ts';
import { RetriableError } from './retriable-error.ts';
import { SchemaBuilderError } from './schema-builder-error.ts';

test('an error of another copy of the package is an instance all the same', async () => {
  // Another address makes another module, as a plug-in's own dependency would be.
  const address = new URL('./data-error.ts?copy=2', import.meta.url).href;
  const other: { DataError: typeof DataError } = await import(address);
  assert.notEqual(other.DataError, DataError);
  const foreign = new other.DataError('from another copy');
  assert.ok(foreign instanceof DataError);
  assert.ok(foreign instanceof ConnectError);
  assert.ok(!(foreign instanceof RetriableError));
  assert.ok(new DataError('mine') instanceof other.DataError);
});

test("a subclass without a brand of its own is told by its class, not by its parent's brand", () => {
  class OwnError extends DataError {}
  assert.ok(new OwnError('x') instanceof OwnError);
  assert.ok(new OwnError('x') instanceof DataError);
  assert.ok(!(new DataError('x') instanceof OwnError));
});

test('siblings are not instances of each other, and what is no error is of none', () => {
  assert.ok(!(new DataError('x') instanceof ConfigError));
  assert.ok(new SchemaBuilderError('x') instanceof DataError);
  assert.ok(!(new ConnectError('x') instanceof DataError));
  for (const value of [null, undefined, 5, {}, Object.create(null), new Error('x')]) {
    assert.ok(!(Object(value) instanceof ConnectError));
  }
});

test('only retriable errors are retriable; code, cause and context are kept', () => {
  const cause = new Error('why');
  const error = new RetriableError('x', { cause, code: 'CONNECT_MINE', context: { topic: 't' } });
  assert.ok(error.isRetriable);
  assert.equal(error.cause, cause);
  assert.equal(error.code, 'CONNECT_MINE');
  assert.deepEqual(error.context, { topic: 't' });
  assert.equal(error.name, 'RetriableError');
  assert.ok(!new DataError('x').isRetriable);
  assert.equal(new DataError('x').code, 'CONNECT_DATA');
});

test('errors have the name of the Java class that stands for them', () => {
  class OwnError extends NotFoundError {}
  const connect = 'org.apache.kafka.connect.errors';
  assert.equal(javaClassName(new SchemaBuilderError('x')), `${connect}.SchemaBuilderException`);
  assert.equal(javaClassName(new OwnError('x')), `${connect}.NotFoundException`);
  assert.equal(javaClassName(new ConnectError('x')), `${connect}.ConnectException`);
  assert.equal(
    javaClassName(new ConfigError('x')),
    'org.apache.kafka.common.config.ConfigException',
  );
  assert.equal(javaClassName(new TypeError('x')), 'java.lang.ClassCastException');
  assert.equal(javaClassName('x'), 'java.lang.RuntimeException');
});

test("a plug-in's error class may say which Java class it stands for", () => {
  class QueryError extends ConnectError {
    static readonly javaName = 'java.sql.SQLException';
  }
  class TimeoutError extends QueryError {}
  assert.equal(javaClassName(new QueryError('x')), 'java.sql.SQLException');
  assert.equal(javaClassName(new TimeoutError('x')), 'java.sql.SQLException');
});
