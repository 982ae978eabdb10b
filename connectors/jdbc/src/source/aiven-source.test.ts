import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError } from '@sluice/api';
import { aivenInitialId, fromAivenSource } from './aiven-source.ts';

describe("the keys of Aiven's source", () => {
  it('begin the ids where incrementing.initial says', () => {
    assert.equal(aivenInitialId({}), null);
    assert.equal(aivenInitialId({ 'incrementing.initial': ' 41 ' }), 41);
    assert.equal(
      aivenInitialId({ 'incrementing.initial': '9007199254740993' }),
      9_007_199_254_740_993n,
    );
    assert.throws(() => aivenInitialId({ 'incrementing.initial': 'x' }), ConfigError);
  });

  it("become those of Confluent's", () => {
    const props = { 'timestamp.initial.ms': '5', 'sql.quote.identifiers': 'false', mode: 'bulk' };
    assert.deepEqual(fromAivenSource(props), {
      ...props,
      'timestamp.initial': '5',
      'quote.sql.identifiers': 'never',
    });
  });
});
