import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judge, type KillReport } from './kill-judge.ts';
import { numberedLine } from './numbered-lines.ts';

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

/** Ten lines, one kill: four lines committed, six in the topic, so that two are doubled. */
const GOOD: KillReport = {
  kills: [{ committedLines: 4, committedRecords: 3, lastWritten: 4 }],
  topic: [...range(0, 6), ...range(4, 10)],
  out: [...range(0, 5), numberedLine(5).slice(0, 20), ...range(3, 6), ...range(4, 10)],
};

describe('the judge of kills', () => {
  it('counts what is doubled inside the bound, and torn lines', () => {
    assert.deepEqual(judge(GOOD, 10), {
      lost: 0,
      doubledInTopic: 2,
      doubledInFile: 4,
      tornLines: 1,
    });
  });

  it('follows both ways where a step back and the next line look the same', () => {
    // Killed with all of the topic in the file: the sink repeats 4 and 5, then the source does.
    const topic = [...range(0, 6), ...range(4, 10)];
    const out = [...range(0, 6), ...range(4, 6), ...range(4, 10)];
    const kills = [{ committedLines: 4, committedRecords: 4, lastWritten: 5 }];
    assert.equal(judge({ kills, topic, out }, 10).doubledInFile, 4);
  });

  it('finds a line that is missing in the topic or in the file', () => {
    const topic = GOOD.topic.filter((_, place) => place !== 7);
    assert.throws(() => judge({ ...GOOD, topic }, 10), /the topic: at place 7 stands 6, 5 should/);
    const out = GOOD.out.filter((_, place) => place !== 1);
    assert.throws(() => judge({ ...GOOD, out }, 10), /the sink's file: at place 1 stands 2/);
    assert.throws(
      () => judge({ ...GOOD, out: GOOD.out.slice(0, -1) }, 10),
      /ends at 11, not at 12/,
    );
  });

  it('finds what is doubled beyond what was committed', () => {
    const topic = [...range(0, 6), ...range(3, 10)];
    assert.throws(() => judge({ ...GOOD, topic }, 10), /at place 6 stands 3, 6 should/);
    const twice = [...range(0, 6), ...range(4, 6), ...range(4, 10)];
    assert.throws(() => judge({ ...GOOD, topic: twice }, 10), /no kill explains it/);
  });

  it('finds lines that are no beginning of any', () => {
    assert.throws(() => judge({ ...GOOD, out: ['junk', ...GOOD.out] }, 10), /nobody wrote: "junk"/);
  });
});
