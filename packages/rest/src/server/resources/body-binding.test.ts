import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BodyError, bindCreateRequest, bindLoggerLevel, bindStringMap } from './body-binding.ts';

test('scalars of any kind become the text they were written as', () => {
  assert.deepEqual(bindStringMap('{"a":1,"b":true,"c":1.50,"d":"x","e":null}'), {
    a: '1',
    b: 'true',
    c: '1.50',
    d: 'x',
    e: null,
  });
});

test('a repeated key keeps its last value', () => {
  assert.deepEqual(bindStringMap('{"a":"1","a":"2"}'), { a: '2' });
});

test('__proto__ is a key like any other', () => {
  const map = bindStringMap('{"__proto__":"x","constructor":"y"}');
  assert.equal(JSON.stringify(map), '{"__proto__":"x","constructor":"y"}');
});

test('an empty body and a JSON null are both null', () => {
  for (const body of [null, '', 'null', ' null ']) {
    assert.equal(bindStringMap(body), null);
    assert.equal(bindCreateRequest(body), null);
  }
});

test('R1.46 R10.24 a create request is read with its initial state in any case', () => {
  assert.deepEqual(bindCreateRequest('{"name":5,"config":{"x":1},"initial_state":"paused"}'), {
    name: '5',
    config: { x: '1' },
    initialState: 'PAUSED',
  });
  assert.deepEqual(bindCreateRequest('{}'), { name: null, config: null, initialState: null });
  assert.equal(bindCreateRequest('{"initial_state":"Running"}')?.initialState, 'STARTED');
});

for (const [body, words] of [
  ['{"name":"a","foo":1}', 'Unrecognized field "foo"'],
  ['{"name":"a","config":[1]}', 'Cannot deserialize value of type `java.util.LinkedHashMap'],
  ['{"name":"a","config":{"x":{"y":1}}}', 'Cannot deserialize value of type `java.lang.String`'],
  ['{"name":"a","config":{"x":[1]}}', 'from Array value (token `JsonToken.START_ARRAY`)'],
  ['{"name":"a","config":"x"}', 'Cannot construct instance of `java.util.LinkedHashMap`'],
  ['[]', 'Cannot deserialize value of type'],
  ['"abc"', 'Cannot construct instance of'],
  ['12', 'Cannot construct instance of'],
  ['{"initial_state":"foo"}', 'Cannot construct instance of'],
  ['{"name":', 'No content to map due to end-of-input'],
] as const) {
  test(`the create request ${body} is refused in Jackson's words`, () => {
    assert.throws(
      () => bindCreateRequest(body),
      (error) =>
        error instanceof BodyError &&
        error.message.includes(words) &&
        /line: 1, column: \d+\]/.test(error.message),
    );
  });
}

test('the level of a logger is read from its body', () => {
  assert.equal(bindLoggerLevel('{"level":"DEBUG"}'), 'DEBUG');
  assert.equal(bindLoggerLevel('{}'), null);
});
