import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectError, type ConfigOrigins } from '@sluice/api';
import { fileOrigins } from './config-origins.ts';
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

function origins(file: string, lines: Record<string, number>): ConfigOrigins {
  return fileOrigins(
    file,
    Object.entries(lines).map(([key, line]) => ({ key, line })),
  );
}

test('R9.02 a flat JSON object with a name is a connector', () => {
  assert.deepEqual(parseConnectorFile('{"name":"a","tasks.max":1,"x":true,"n":null}', 'x'), {
    name: 'a',
    config: { name: 'a', 'tasks.max': '1', x: 'true', n: null },
    targetState: 'STARTED',
    origins: origins('x', { name: 1, 'tasks.max': 1, x: 1, n: 1 }),
  });
});

test('R9.02 a create request is a connector, other fields are ignored', () => {
  const text = '{"name":"a","config":{"x":1},"tasks":[{}],"type":"sink","initial_state":"paused"}';
  assert.deepEqual(parseConnectorFile(text, 'c.json'), {
    name: 'a',
    config: { x: '1', name: 'a' },
    targetState: 'PAUSED',
    origins: origins('c.json', { name: 1, x: 1 }),
  });
});

test('R9.02 properties with a name are a connector', () => {
  assert.deepEqual(parseConnectorFile('name=a\nfile = {x}\n', 'c.json.properties'), {
    name: 'a',
    config: { name: 'a', file: '{x}' },
    targetState: 'STARTED',
    origins: origins('c.json.properties', { name: 1, file: 2 }),
  });
});

test('each key knows its line, the last of a repeated key, in every form of file', () => {
  const forms: readonly (readonly [string, string, Record<string, number>])[] = [
    ['{\n"name": "a",\n"x":\n 1,\n"x": 2\n}', 'c.json', { name: 2, x: 5 }],
    ['{"name":"a",\n"config":{\n"x":1,\n"y":\n2}}', 'c.json', { name: 1, x: 3, y: 5 }],
    ['{"name":"a",\n"config":{\n"name":"a"}}', 'c.json', { name: 3 }],
    ['# c\nname=a\nx=1\\\n2\ny=3\nx=4', 'c.properties', { name: 2, x: 6, y: 5 }],
  ];
  for (const [text, path, lines] of forms)
    assert.deepEqual(parseConnectorFile(text, path).origins, origins(path, lines));
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
