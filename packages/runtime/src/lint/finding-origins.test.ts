import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LintFinding } from '@sluice/rest';
import { findingsWithOrigins } from './finding-origins.ts';
import { findingText } from './lint-connector.ts';

function finding(key: string | null): LintFinding {
  return { severity: 'warning', rule: 'unknown-key', key, message: 'It is odd.', suggestion: null };
}

test('a finding tells the line of its key; one about no key, or one not written, is as it was', () => {
  const origins = new Map([['a', { kind: 'file', file: 'c.json', line: 4 } as const]]);
  const told = findingsWithOrigins([finding('a'), finding('b'), finding(null)], origins);
  assert.deepEqual(told.map(findingText), [
    'It is odd. ("a" from c.json line 4) [unknown-key]',
    'It is odd. [unknown-key]',
    'It is odd. [unknown-key]',
  ]);
});
