import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectError } from '@sluice/api';
import { parseConnectorFile, readConnectorFile } from './connector-file.ts';

function failure(text: string, path = 'c.json'): string {
  try {
    parseConnectorFile(text, path);
  } catch (error) {
    assert.ok(error instanceof ConnectError);
    return error.message;
  }
  return assert.fail('it was read');
}

test('R9.02 a flat JSON object with a name is a connector', () => {
  assert.deepEqual(parseConnectorFile('{"name":"a","tasks.max":1,"x":true,"n":null}', 'x'), {
    name: 'a',
    config: { name: 'a', 'tasks.max': '1', x: 'true', n: null },
    targetState: 'STARTED',
  });
});

test('R9.02 a create request is a connector, other fields are ignored', () => {
  const text = '{"name":"a","config":{"x":1},"tasks":[{}],"type":"sink","initial_state":"paused"}';
  assert.deepEqual(parseConnectorFile(text, 'c.json'), {
    name: 'a',
    config: { x: '1', name: 'a' },
    targetState: 'PAUSED',
  });
});

test('R9.02 properties with a name are a connector', () => {
  assert.deepEqual(parseConnectorFile('name=a\nfile = {x}\n', 'c.json.properties'), {
    name: 'a',
    config: { name: 'a', file: '{x}' },
    targetState: 'STARTED',
  });
});

test('without a name it is none', () => {
  for (const text of ['{"x":"1"}', '{}', '{"name":null}'])
    assert.match(failure(text), /'c\.json' is missing the mandatory 'name' configuration/);
  assert.match(failure('x=1', 'c.properties'), /missing the mandatory 'name'/);
});

test('unequal names are refused, as is a wrapper without its name', () => {
  assert.match(
    failure('{"name":"a","config":{"name":"b"}}'),
    /"a" but "name" inside "config" is "b"/,
  );
  assert.match(failure('{"config":{"name":"b"}}'), /must be equal/);
});

test('broken JSON is told with line and column, not read as properties', () => {
  assert.match(failure('{"name":"a",\n "x":1\n "y":2}'), /^c\.json:3:2: .*\(line 3, column 2\)\.$/);
  assert.match(failure('  {"name":"a"', 'c.conf'), /^c\.conf:1:14: Unexpected end-of-input/);
  assert.match(failure('// comment\n{}'), /^c\.json:1:1: Unexpected character/);
});

test('broken properties are told with line and column', () => {
  assert.match(
    failure('name=a\nx=\\u12', 'c.properties'),
    /^c\.properties:2:3: Malformed .*line 2, column 3/,
  );
});

test('what has another shape says which key is odd and where', () => {
  assert.match(failure('[1]'), /must hold a JSON object, but holds an array/);
  assert.match(failure('{"name":"a","x":[1]}'), /c\.json:1:17: "x" is an array/);
  assert.match(failure('{"name":"a","config":{"x":{}}}'), /c\.json:1:27: "x" is an object/);
  assert.match(
    failure('{"name":"a","config":{},"initial_state":"on"}'),
    /use RUNNING, PAUSED or STOPPED/,
  );
});

test('a file that is not there is named', async () => {
  await assert.rejects(readConnectorFile('/nope/c.json'), {
    message: "Can't read the connector file /nope/c.json: there is no such file.",
  });
});
