import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeLedger, type LedgerEvidence } from './ledger-judge.ts';
import { ledgerRecordOf, ledgerValue } from './ledger-record.ts';

const TOPIC = 't';

/** One source partition, one of Kafka's, one death: five records, of which two are doubled. */
const VALUES = [
  ...[0, 1, 2, 3].map((seq) => value(seq, 0)),
  ...[2, 3, 4].map((seq) => value(seq, 1)),
];
const LINES = [
  ...[0, 1, 2].map((offset) => line(offset, 0)),
  line(3, 0).slice(0, 9),
  ...[1, 2, 3, 4, 5, 6].map((offset) => line(offset, 1)),
];
const GOOD: LedgerEvidence = {
  topic: TOPIC,
  ends: [{ sourceCommitted: [1], sinkCommitted: [1] }],
  source: { started: [[0], [2]], read: [5], acknowledged: [new Set([0, 1, 2, 3, 4])] },
  values: [VALUES],
  lines: [LINES],
  records: 5,
};

function value(seq: number, life: number): string {
  return ledgerValue(TOPIC, { part: 0, seq, life });
}

function line(offset: number, life: number): string {
  return `${offset} ${life} ${VALUES[offset]}`;
}

function wrongOf(changes: Partial<LedgerEvidence>): string {
  const { wrong, lost } = judgeLedger({ ...GOOD, ...changes });
  return [...lost, ...wrong].join('\n');
}

describe('the judge of the ledger', () => {
  it('counts what a death may double, and lines that it cut', () => {
    assert.deepEqual(judgeLedger(GOOD), {
      lost: [],
      wrong: [],
      doubledInTopic: 2,
      doubledInSink: 2,
      doubledInTopicMax: 2,
      doubledInSinkMax: 2,
      torn: 1,
    });
  });

  it('finds a record that is in no topic, all the more when it was acknowledged', () => {
    const told = wrongOf({ values: [VALUES.slice(0, -1)], lines: [LINES.slice(0, -1)] });
    assert.match(told, /part 0: 4\npart 0: 4 was acknowledged/);
  });

  it('finds an offset that ran ahead of the data', () => {
    const source = { ...GOOD.source, started: [[0], [5]] };
    const ends = [{ sourceCommitted: [4], sinkCommitted: [1] }];
    assert.match(wrongOf({ source, ends }), /has 2, not 5/);
  });

  it('finds a life that did not begin where the file said', () => {
    const ends = [{ sourceCommitted: [3], sinkCommitted: [1] }];
    assert.match(wrongOf({ ends }), /life 1 began part 0 at 2, 3 was stored/);
  });

  it('finds what is doubled or out of order within a life', () => {
    assert.match(wrongOf({ values: [[value(0, 0), ...VALUES]], lines: [] }), /has 0, not 1/);
    const swapped = [value(1, 0), value(0, 0), ...VALUES.slice(2)];
    assert.match(wrongOf({ values: [swapped], lines: [] }), /has 1, not 0/);
  });

  it('finds a record of a dead worker behind those of the next', () => {
    const late = [...VALUES, value(4, 0)];
    assert.match(wrongOf({ values: [late], lines: [] }), /life 0 after life 1/);
  });

  it('finds bytes that nobody wrote, and records of another topic', () => {
    assert.match(wrongOf({ values: [['junk', ...VALUES]] }), /t-0@0 was never written so: junk/);
    const stray = ledgerValue('other', { part: 0, seq: 0, life: 0 });
    assert.match(wrongOf({ values: [[stray, ...VALUES.slice(1)]] }), /never written so/);
    assert.equal(ledgerRecordOf(TOPIC, `${value(1, 0)}!`), null);
  });

  it('finds lines that the sink lost, had too early, or had again though it need not', () => {
    assert.match(wrongOf({ lines: [LINES.slice(0, -1)] }), /partition 0 in the sink: 6/);
    const gap = LINES.filter((each) => each !== line(1, 0));
    assert.match(wrongOf({ lines: [gap] }), /2 came after 0/);
    const ends = [{ sourceCommitted: [1], sinkCommitted: [3] }];
    assert.match(wrongOf({ ends }), /1 came again, 3 was stored/);
  });

  it('finds a line of the sink that is not what the topic holds', () => {
    const other = LINES.map((each) => each.replace('0 0 0 0 a', '0 0 0 0 b'));
    assert.match(wrongOf({ lines: [other] }), /line 0 of partition 0 was never written so/);
  });
});
