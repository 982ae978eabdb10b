import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { A_MOMENT, aBatch } from '../../test/a-batch.ts';
import { type BatchHeader, placeBatch, readBatchHeader } from '../log/batch-header.ts';
import { ProducerStates } from './producer-states.ts';

const SEQUENCE_MAX = 0x7fff_ffff;

interface HeaderWish {
  readonly sequence: number;
  readonly count?: number;
  readonly epoch?: number;
  readonly offset?: number;
}

function header({ sequence, count = 1, epoch = 0, offset = 0 }: HeaderWish): BatchHeader {
  const values = Array.from({ length: count }, () => 'v');
  const batch = aBatch({ values, producerId: 9, producerEpoch: epoch, baseSequence: sequence });
  placeBatch(batch, offset, 0);
  return readBatchHeader(batch, 0);
}

test('the table of verdicts', () => {
  const states = new ProducerStates();
  states.note(header({ sequence: 0, count: 3, offset: 100 }), A_MOMENT);
  states.note(header({ sequence: 3, count: 2, offset: 103 }), A_MOMENT);
  const table: readonly (readonly [HeaderWish, string])[] = [
    [{ sequence: 5 }, 'accept'],
    [{ sequence: 3, count: 2 }, 'duplicate'],
    [{ sequence: 0, count: 3 }, 'duplicate'],
    [{ sequence: 0, count: 2 }, 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
    [{ sequence: 4 }, 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
    [{ sequence: 6 }, 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
    [{ sequence: 0, epoch: 1 }, 'accept'],
    [{ sequence: 5, epoch: 1 }, 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
  ];
  for (const [wish, expected] of table) {
    const verdict = states.check(header(wish));
    const got = verdict.type === 'refuse' ? verdict.error : verdict.type;
    assert.equal(got, expected, JSON.stringify(wish));
  }
  states.note(header({ sequence: 0, epoch: 1, offset: 105 }), A_MOMENT);
  const old = states.check(header({ sequence: 5 }));
  assert.equal(old.type === 'refuse' && old.error, 'INVALID_PRODUCER_EPOCH');
});

test('an unknown producer may begin anywhere, and sequences go on at 0 behind the largest', () => {
  const states = new ProducerStates();
  assert.equal(states.check(header({ sequence: SEQUENCE_MAX - 1 })).type, 'accept');
  states.note(header({ sequence: SEQUENCE_MAX - 1, count: 3 }), A_MOMENT);
  assert.equal(states.check(header({ sequence: 1 })).type, 'accept');
  assert.equal(states.check(header({ sequence: 2 })).type, 'refuse');
  states.note(header({ sequence: 1, count: 1 }), A_MOMENT);
  assert.equal(states.check(header({ sequence: SEQUENCE_MAX - 1, count: 3 })).type, 'duplicate');
});

test('producers that have been silent for long are forgotten', () => {
  const states = new ProducerStates();
  states.note(header({ sequence: 0 }), A_MOMENT);
  states.forgetBefore(A_MOMENT, () => false);
  assert.equal(states.check(header({ sequence: 9 })).type, 'refuse');
  states.forgetBefore(A_MOMENT + 1, (id) => id === 9);
  assert.equal(states.check(header({ sequence: 9 })).type, 'refuse');
  states.forgetBefore(A_MOMENT + 1, () => false);
  assert.equal(states.check(header({ sequence: 9 })).type, 'accept');
});

test('whatever is sent again, each record is accepted once and in order', () => {
  const actions = fc.array(fc.record({ again: fc.nat(4), count: fc.integer({ min: 1, max: 4 }) }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(actions, (list) => {
      const states = new ProducerStates();
      const sent: { sequence: number; count: number; offset: number }[] = [];
      let next = 0;
      for (const { again, count } of list) {
        const earlier = again === 0 ? undefined : sent.at(-again);
        if (earlier !== undefined) {
          const verdict = states.check(header(earlier));
          assert.equal(verdict.type === 'duplicate' && verdict.batch.baseOffset, earlier.offset);
          continue;
        }
        const fresh = { sequence: next, count, offset: next };
        assert.equal(states.check(header(fresh)).type, 'accept');
        states.note(header(fresh), A_MOMENT);
        sent.push(fresh);
        next += count;
      }
    }),
  );
});
