import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KafkaError } from '../../src/errors/kafka-error.ts';
import { DeliveryLedger, type FoundRecord } from './delivery-ledger.ts';
import { FAULT_KINDS, planOf } from './fault-plan.ts';

const FINE = { lost: 0, doubled: 0, reordered: 0, uninvited: 0, misplaced: 0 };
const KEYS = ['a', 'b', 'a', 'a'];

/** Four records in partition 0, acknowledged and promised. */
function aLedger(): { readonly ledger: DeliveryLedger; readonly found: readonly FoundRecord[] } {
  const ledger = new DeliveryLedger();
  const numbers = [0, 0, 1, 2];
  const { records } = ledger.attempt(KEYS.map((key, i) => ({ key, number: numbers[i] ?? 0 })));
  for (const token of records.keys()) ledger.taken(token);
  ledger.report({ ...aReport([...records.keys()]), baseOffset: 0 });
  ledger.promise(records);
  const found = records.map(({ key, text }, offset) => {
    return { partition: 0, offset, key, value: text };
  });
  return { ledger, found };
}

function aReport(tokens: readonly number[]) {
  return { topic: 't', partition: 0, tokens, baseOffset: -1, logAppendTimeMs: null, error: null };
}

test('the ledger finds nothing wrong with what is as promised', () => {
  const { ledger, found } = aLedger();
  assert.deepEqual(ledger.judge(found, false), FINE);
  assert.equal(ledger.wrongReports, 0);
});

test('the ledger counts what is lost', () => {
  const { ledger, found } = aLedger();
  assert.deepEqual(ledger.judge(found.slice(0, 2), false), { ...FINE, lost: 2 });
});

test('the ledger counts what is doubled, by hand or by another attempt', () => {
  const { ledger, found } = aLedger();
  const twice = { ...FINE, doubled: 1, misplaced: 1 };
  assert.deepEqual(ledger.judge([...found, ...again(found, 3, 4)], false), twice);
  const { firstToken, records } = ledger.attempt([{ key: 'b', number: 0 }]);
  ledger.report({ ...aReport([firstToken]), baseOffset: 4 });
  ledger.promise(records);
  assert.equal(ledger.judge(found, false).doubled, 1);
});

test('the ledger counts what comes in another order, but only within a key', () => {
  const { ledger, found } = aLedger();
  const [first, second, third, fourth] = found;
  assert.ok(first && second && third && fourth);
  const order = (records: readonly FoundRecord[]) => ledger.judge(records, false).reordered;
  assert.equal(order([first, second, fourth, third]), 1);
  assert.equal(order([second, first, third, fourth]), 0);
  assert.equal(order([first, { ...second, partition: 1 }, third, fourth]), 1);
});

test('the ledger counts what was never committed, unless all of the log is looked at', () => {
  const { ledger, found } = aLedger();
  const ghost = { partition: 0, offset: 4, key: 'a', value: 'a/3/7' };
  assert.equal(ledger.judge([...found, ghost], false).uninvited, 1);
  assert.deepEqual(ledger.judge([...found, ghost], true), FINE);
});

test('the ledger counts reports that are missing, double or without an acknowledgement', () => {
  const { ledger } = aLedger();
  ledger.taken(99);
  assert.equal(ledger.wrongReports, 1);
  ledger.report(aReport([99]));
  assert.equal(ledger.wrongReports, 0);
  ledger.report(aReport([99]));
  assert.equal(ledger.wrongReports, 1);
  const { firstToken, records } = ledger.attempt([{ key: 'c', number: 0 }]);
  ledger.taken(firstToken);
  ledger.report({ ...aReport([firstToken]), error: new KafkaError('X', 'not delivered') });
  ledger.promise(records);
  assert.equal(ledger.wrongReports, 2);
  assert.deepEqual(ledger.failures, ['X: not delivered']);
});

test('a seed makes the same plan each time, and eleven in a row have every kind of fault', () => {
  for (let seed = 1; seed <= 200; seed++) assert.deepEqual(planOf(seed), planOf(seed));
  const seeds = Array.from({ length: FAULT_KINDS.length }, (_, i) => i + 40);
  const kinds = new Set(seeds.flatMap((seed) => planOf(seed).faults.map(({ kind }) => kind)));
  assert.deepEqual(kinds, new Set(FAULT_KINDS));
});

function again(found: readonly FoundRecord[], index: number, offset: number): FoundRecord[] {
  return found.slice(index, index + 1).map((record) => ({ ...record, offset }));
}
