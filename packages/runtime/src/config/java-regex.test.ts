import assert from 'node:assert/strict';
import { test } from 'node:test';
import { javaRegex } from './java-regex.ts';

/** Pattern, what it matches as a whole, what it does not; all as Java's `matches()` says. */
const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['orders.*', ['orders', 'orders-eu'], ['my-orders']],
  ['foo\\-bar', ['foo-bar'], ['foobar']],
  ['(?i)ORDERS', ['orders', 'Orders'], ['order']],
  ['\\Qa.b\\E.*', ['a.bc'], ['axbc']],
  ['\\p{Alpha}+', ['abcXYZ'], ['abc1', 'é']],
  ['[\\p{Digit}_]+', ['1_2'], ['a']],
  ['\\P{Upper}+', ['abc-1'], ['aBc']],
  ['\\p{L}+', ['é'], ['1']],
  ['(?<env>dev|prod)\\.\\k<env>', ['dev.dev'], ['dev.prod']],
  ['db\\.(?!internal).*', ['db.users'], ['db.internal']],
  ['\\Ax\\z', ['x'], ['xx']],
  ['a|b', ['a', 'b'], ['ab']],
  ['[a-z&&[^x]]+', ['abc'], ['axb']],
  ['a++b', ['aab'], ['b']],
  ['topic\\_\\d{2}', ['topic_12'], ['topic_1']],
];

test('patterns mean what they mean in Java', () => {
  for (const [pattern, matching, others] of CASES) {
    const regex = javaRegex('topics.regex', pattern);
    for (const text of matching) assert.ok(regex.test(text), `${pattern} matches ${text}`);
    for (const text of others) assert.ok(!regex.test(text), `${pattern} does not match ${text}`);
  }
});

test('what is no pattern is refused, naming the key', () => {
  for (const pattern of ['(', '[a', '*a', '\\p{Nonsense}']) {
    assert.throws(
      () => javaRegex('topics.regex', pattern),
      /Invalid value .* for configuration topics\.regex: Invalid regex/s,
      pattern,
    );
  }
});
