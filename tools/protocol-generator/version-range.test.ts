import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { condition, intersect, NO_VERSIONS, parseVersions } from './version-range.ts';

describe('version ranges', () => {
  test("are read from Kafka's notation", () => {
    assert.deepEqual(parseVersions('3'), { low: 3, high: 3 });
    assert.deepEqual(parseVersions('0-12'), { low: 0, high: 12 });
    assert.deepEqual(parseVersions('4+'), { low: 4, high: 32767 });
    assert.deepEqual(parseVersions('none'), NO_VERSIONS);
    assert.throws(() => parseVersions('>=3'), /neither N, N-M/);
  });

  test('become the shortest question about a version that is known to lie in a range', () => {
    const within = { low: 4, high: 18 };
    assert.equal(condition({ low: 0, high: 32767 }, within), 'always');
    assert.equal(condition({ low: 0, high: 3 }, within), 'never');
    assert.equal(condition({ low: 7, high: 32767 }, within), 'version >= 7');
    assert.equal(condition({ low: 0, high: 12 }, within), 'version <= 12');
    assert.equal(condition({ low: 7, high: 12 }, within), 'version >= 7 && version <= 12');
    assert.equal(condition(NO_VERSIONS, within), 'never');
  });

  test('intersect', () => {
    assert.deepEqual(intersect({ low: 1, high: 5 }, { low: 3, high: 9 }), { low: 3, high: 5 });
    assert.deepEqual(intersect({ low: 1, high: 2 }, { low: 3, high: 9 }), NO_VERSIONS);
  });
});
