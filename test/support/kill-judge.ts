import { numberedLine } from './numbered-lines.ts';

/** What was durable at one kill. */
export interface KillPoint {
  /** Lines that the source's committed offset covers. */
  readonly committedLines: number;
  /** Records of the topic that the sink's committed offset covers. */
  readonly committedRecords: number;
  /** The last whole line in the sink's file at that moment. */
  readonly lastWritten: number;
}

/** What came out of the whole. */
export interface KillReport {
  readonly kills: readonly KillPoint[];
  /** Numbers of the lines in the topic, in order. */
  readonly topic: readonly number[];
  /** The lines of the sink's file, in order; what is no whole line as its text. */
  readonly out: readonly (number | string)[];
}

/** What the report proves, or the first thing that contradicts it. */
export interface KillVerdict {
  readonly lost: number;
  readonly doubledInTopic: number;
  readonly doubledInFile: number;
  readonly tornLines: number;
}

/**
 * Checks a report to the record. The topic must be the lines in order, going back only at a kill and
 * only to what the source had committed then; the file must be the topic in order, going back only
 * to what the sink had committed; what is no whole line must be the beginning of one, before such a
 * jump.
 *
 * @throws Error naming the first place that can't be explained so
 */
export function judge(report: KillReport, lines: number): KillVerdict {
  const sourceStarts = report.kills.map((kill) => kill.committedLines);
  const wanted = (index: number): number | undefined => (index < lines ? index : undefined);
  follow('the topic', report.topic, wanted, lines, sourceStarts);
  const whole = report.out.filter((line) => typeof line === 'number');
  const sinkStarts = report.kills.map((kill) => kill.committedRecords);
  follow("the sink's file", whole, (at) => report.topic[at], report.topic.length, sinkStarts);
  const torn = report.out.filter((line) => typeof line === 'string');
  for (const line of torn) {
    if (!numberedLine(0).startsWith(line.replace(/\d/g, '0'))) {
      throw new Error(`The sink's file holds a line that nobody wrote: ${JSON.stringify(line)}`);
    }
  }
  if (torn.length > report.kills.length) {
    throw new Error(`${torn.length} torn lines by ${report.kills.length} kills`);
  }
  return {
    lost: lines - new Set(whole).size,
    doubledInTopic: report.topic.length - lines,
    doubledInFile: whole.length - lines,
    tornLines: torn.length,
  };
}

/** Where a walk may stand: the next place in `wanted`, and how many kills lie behind it. */
interface Standing {
  readonly at: number;
  readonly life: number;
}

/**
 * Walks `got` along `wanted`, allowing at each of `starts`, in order, one step back to it. Where a value
 * may be both the next one and a step back (a kill that found nothing left to do), both are followed.
 */
function follow(
  what: string,
  got: readonly number[],
  wanted: (at: number) => number | undefined,
  end: number,
  starts: readonly number[],
): void {
  let standings: readonly Standing[] = [{ at: 0, life: 0 }];
  for (const [place, value] of got.entries()) {
    const next = new Map<string, Standing>();
    const stand = (at: number, life: number): void => {
      if (wanted(at) === value) next.set(`${at}/${life}`, { at: at + 1, life });
    };
    for (const { at, life } of standings) {
      stand(at, life);
      starts.forEach((from, i) => {
        if (i >= life && from <= at) stand(from, i + 1);
      });
    }
    if (next.size === 0) {
      const expected = [...new Set(standings.map(({ at }) => String(wanted(at))))].join(' or ');
      throw new Error(
        `${what}: at place ${place} stands ${value}, ${expected} should; no kill ` +
          `explains it (committed at the kills: ${starts.join(', ')})`,
      );
    }
    standings = [...next.values()];
  }
  if (!standings.some(({ at }) => at === end)) {
    const ends = standings.map(({ at }) => at).join(' or ');
    throw new Error(`${what} ends at ${ends}, not at ${end}`);
  }
}
