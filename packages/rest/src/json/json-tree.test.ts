import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { JsonSyntaxError } from './json-syntax-error.ts';
import { parseJsonTree, type JsonNode } from './json-tree.ts';

function plain(node: JsonNode): unknown {
  switch (node.type) {
    case 'object':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
    case 'array':
      return node.items.map(plain);
    case 'string':
      return node.text;
    default:
      return JSON.parse(node.text);
  }
}

function failure(text: string): string {
  try {
    parseJsonTree(text);
  } catch (error) {
    assert.ok(error instanceof JsonSyntaxError);
    return `${error.line}:${error.column} ${error.message}`;
  }
  return assert.fail(`${text} was accepted`);
}

test('any JSON text is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 2, '\t'), (text, indent) => {
      const formatted = JSON.stringify(JSON.parse(text), null, indent);
      assert.deepEqual(plain(parseJsonTree(formatted)), JSON.parse(formatted));
    }),
  );
});

test('text is refused exactly when JSON.parse refuses it', () => {
  const alphabet = fc.constantFrom(...Array.from('{}[]":,\\ue1-0.t \n\u00e4'));
  fc.assert(
    fc.property(fc.string({ unit: alphabet, maxLength: 12 }), (text) => {
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      if (isJson) parseJsonTree(text);
      else assert.throws(() => parseJsonTree(text), JsonSyntaxError);
    }),
    { numRuns: 2000 },
  );
});

test('numbers keep the text they were written as', () => {
  const node = parseJsonTree('{"a": 1.50, "b": 1e3, "c": 12345678901234567890}');
  assert.ok(node.type === 'object');
  assert.deepEqual(
    node.entries.map(({ value }) => value.type === 'number' && value.text),
    ['1.50', '1e3', '12345678901234567890'],
  );
});

test('values know their line and column', () => {
  const node = parseJsonTree('{\n  "a": [\n    true]}');
  assert.ok(node.type === 'object');
  const array = node.entries[0]?.value;
  assert.ok(array?.type === 'array');
  assert.deepEqual([array.line, array.column], [2, 8]);
  assert.deepEqual([array.items[0]?.line, array.items[0]?.column], [3, 5]);
});

test('errors are worded as Jackson words them and say where', () => {
  assert.equal(
    failure('{"name":"a",}'),
    "1:13 Unexpected character ('}' (code 125)): was expecting double-quote to start field name",
  );
  assert.match(
    failure('{"name":"a"'),
    /^1:12 Unexpected end-of-input: expected close marker for Object/,
  );
  assert.match(
    failure('{"a" 1}'),
    /^1:6 .*was expecting a colon to separate field name and value$/,
  );
  assert.match(
    failure('{"a":1\n "b":2}'),
    /^2:2 .*was expecting comma to separate Object entries$/,
  );
  assert.match(failure('[1 2]'), /was expecting comma to separate Array entries$/);
  assert.match(failure('{"a":1} trailing'), /^1:9 Unrecognized token 'trailing': was expecting/);
  assert.match(failure('{"a":\n  yes}'), /^2:3 Unrecognized token 'yes'/);
  assert.match(
    failure('// a comment\n{}'),
    /^1:1 Unexpected character \('\/' \(code 47\)\): maybe a \(non-standard\) comment\?/,
  );
  assert.match(failure('"a\nb"'), /CTRL-CHAR, code 10/);
  assert.match(failure('"a'), /Unexpected end-of-input in VALUE_STRING$/);
  assert.match(failure('"\\x"'), /^1:3 Unrecognized character escape 'x' \(code 120\)$/);
  assert.match(failure(''), /^1:1 No content to map due to end-of-input$/);
});

test('nesting beyond 1000 levels is an error, not a crash', () => {
  assert.match(failure('['.repeat(100_000)), /nesting depth \(1001\) exceeds/);
});

test('a byte-order mark is skipped', () => {
  assert.equal(parseJsonTree('\uFEFF{}').type, 'object');
});
