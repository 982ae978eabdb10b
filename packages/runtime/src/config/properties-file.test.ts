import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  PropertiesSyntaxError,
  decodeProperties,
  parseProperties,
  propsOf,
} from './properties-file.ts';

const read = (text: string): Readonly<Record<string, string>> => propsOf(parseProperties(text));

/** Escapes as `java.util.Properties.store` does. */
function escaped(text: string, isKey: boolean): string {
  return text.replace(/[\\\t\n\r\f=:#! ]|[^ -~]/g, (character, at: number) => {
    const special = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\f': '\\f' }[character];
    if (special !== undefined) return special;
    if (character === ' ') return isKey || at === 0 ? '\\ ' : ' ';
    if (character >= ' ' && character <= '~') return `\\${character}`;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

test('what is stored as Java stores it is read back', () => {
  const text = fc.string({ unit: fc.constantFrom(...Array.from(' \t\\=:#!\r\n\fabü漢u0')) });
  const line = fc.tuple(text, text, fc.constantFrom('=', ':', ' = ', ' : ', '\t', ' '));
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom('\n', '\r\n', '\r'), (entries, newline) => {
      // An empty key before a blank separator would leave the separator as the key's first letter.
      const kept = entries.filter(([key]) => key !== '');
      const lines = kept.map(
        ([key, value, separator]) => escaped(key, true) + separator + escaped(value, false),
      );
      const expected = kept.map(([key, value]) => [key, value]);
      const parsed = parseProperties(lines.join(newline));
      assert.deepEqual(
        parsed.map(({ key, value }) => [key, value]),
        expected,
      );
    }),
    { numRuns: 1000 },
  );
});

test('separators may be =, : or blanks, with blanks around', () => {
  assert.deepEqual(read('a=1\nb: 2\nc 3\nd\t=\t4\n  e : 5\nf\ng=\nh==x'), {
    a: '1',
    b: '2',
    c: '3',
    d: '4',
    e: '5',
    f: '',
    g: '',
    h: '=x',
  });
});

test('comments and blank lines are skipped, and a # later in a line is not a comment', () => {
  assert.deepEqual(read('# one\n ! two\n\n \t\na=1 # not a comment\r\n'), {
    a: '1 # not a comment',
  });
});

test('trailing blanks belong to the value', () => {
  assert.deepEqual(read('a=1 \nb=\t2\t'), { a: '1 ', b: '2\t' });
});

test('a backslash at the end continues the line without the next leading blanks', () => {
  assert.deepEqual(read('a=one \\\n    two\\\r\n\tthree\nb=1'), { a: 'one twothree', b: '1' });
  assert.deepEqual(read('a=x\\\\\nb=1'), { a: 'x\\', b: '1' });
  assert.deepEqual(read('a=x\\\n# no comment here'), { a: 'x# no comment here' });
  assert.deepEqual(read('a=x\\'), { a: 'x' });
  assert.deepEqual(read('a=x\\\n\nb=1'), { a: 'x', b: '1' });
});

test('escapes other than the known ones lose their backslash', () => {
  assert.deepEqual(read('regex=^.*\\.csv$\ntwo=\\\\.csv\nq=\\"x\\"'), {
    regex: '^.*.csv$',
    two: '\\.csv',
    q: '"x"',
  });
  assert.deepEqual(read('a\\ b\\=c=\\u00fc\\tx'), { 'a b=c': 'ü\tx' });
});

test('the last of a repeated key wins, and entries know their lines', () => {
  const entries = parseProperties('a=1\n\nb=2\\\n3\na=4');
  assert.deepEqual(
    entries.map(({ key, line }) => [key, line]),
    [
      ['a', 1],
      ['b', 3],
      ['a', 5],
    ],
  );
  assert.deepEqual(propsOf(entries), { a: '4', b: '23' });
});

test('a malformed unicode escape is told with line and column', () => {
  const position = (text: string): readonly number[] => {
    try {
      parseProperties(text);
    } catch (error) {
      assert.ok(error instanceof PropertiesSyntaxError);
      assert.match(error.message, /Malformed \\uxxxx encoding/);
      return [error.line, error.column];
    }
    return assert.fail('it was read');
  };
  assert.deepEqual(position('a=1\npath=C:\\users\n'), [2, 8]);
  assert.deepEqual(position('  a=\\u12'), [1, 5]);
  assert.deepEqual(position('a=1\\\n   2\\uzzzz'), [2, 5]);
});

test('keys that are dangerous in JavaScript are keys like any other', () => {
  assert.equal(JSON.stringify(read('__proto__=x')), '{"__proto__":"x"}');
});

test('files are UTF-8, and Latin-1 where they cannot be', () => {
  assert.equal(decodeProperties(Buffer.from('a=ü')), 'a=ü');
  assert.equal(decodeProperties(Buffer.from('a=ü', 'latin1')), 'a=ü');
  assert.equal(decodeProperties(Buffer.from('\uFEFFa=1')), 'a=1');
});
