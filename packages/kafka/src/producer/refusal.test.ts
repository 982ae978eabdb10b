import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProduceAnswer } from './produce-request.ts';
import { refusalOf } from './refusal.ts';

function anAnswer(errorMessage: string | null, recordErrors: readonly (string | null)[]) {
  const answer: ProduceAnswer = {
    index: 0,
    errorCode: 87,
    baseOffset: -1,
    logAppendTimeMs: -1,
    logStartOffset: -1,
    recordErrors: recordErrors.map((text, batchIndex) => ({
      batchIndex,
      batchIndexErrorMessage: text,
    })),
    errorMessage,
    currentLeader: { leaderId: -1, leaderEpoch: -1 },
  };
  return answer;
}

test('what the broker says about a batch and its records is told', () => {
  const answer = anAnswer('One or more records have been rejected', ['no key', null]);
  assert.equal(
    refusalOf(answer),
    'One or more records have been rejected; record 0: no key; record 1: no reason given',
  );
  assert.equal(refusalOf(anAnswer(null, [])), '');
});

test('a hundred thousand refused records, or endless reasons, make a short text all the same', () => {
  const reason = 'x'.repeat(5000);
  const text = refusalOf(anAnswer(reason, Array<string>(100_000).fill(reason)));
  assert.ok(text.length < 2000, `${text.length}`);
  assert.match(text, /; record 2: x+ \.\.\.; and 99997 more records$/);
});
