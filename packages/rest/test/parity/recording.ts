/** Recordings of what Java answered, as `tools/java-parity/rest` wrote them. */
import { readFile } from 'node:fs/promises';
import type { Answer, Ask } from './exchange.ts';
import { take, type RecordedStep, type SessionHead, type Target, type Until } from './session.ts';

export interface Recording {
  readonly head: SessionHead;
  readonly steps: readonly RecordedStep[];
}

const GOLDEN = new URL('../../golden/', import.meta.url);

/** Reads one of `packages/rest/golden`. The files are our own, so their lines are what they say. */
export async function readRecording(name: string): Promise<Recording> {
  const text = await readFile(new URL(`${name}.jsonl`, GOLDEN), 'utf8');
  const [head, ...steps] = text.trimEnd().split('\n');
  if (head === undefined) throw new Error(`The recording ${name} is empty`);
  return {
    head: JSON.parse(head) as SessionHead,
    steps: steps.map((line) => JSON.parse(line) as RecordedStep),
  };
}

/** What Java answered beside what was answered here. */
export interface Difference {
  /** From 0, among the recording's steps. */
  readonly index: number;
  readonly ask: Ask;
  readonly java: Answer;
  readonly ours: Answer;
}

/**
 * Takes the recorded steps against another worker and answers where it differs: in status, in one of
 * the recorded headers, or in the body, where JSON is compared by its meaning.
 *
 * @param simplified what is compared in place of an answer: takes out what is known to differ
 */
export async function replay(
  recording: Recording,
  target: Target,
  simplified: (answer: Answer, ask: Ask) => Answer,
): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  for (const [index, step] of recording.steps.entries()) {
    if ('until' in step) {
      const problem = await take(target, step).then(
        () => null,
        (error: unknown) => String(error),
      );
      if (problem !== null) differences.push(neverCame(index, step.until, problem));
      continue;
    }
    const { ask, answer: java } = step;
    const ours = await take(target, { ask });
    if (ours === null) continue;
    const same = comparable(simplified(java, ask)) === comparable(simplified(ours, ask));
    if (!same) differences.push({ index, ask, java, ours });
  }
  return differences;
}

/** A state that Java came to and we did not; what follows differs too. */
function neverCame(index: number, { path, matches }: Until, problem: string): Difference {
  const java: Answer = { status: 200, headers: {}, body: matches };
  return {
    index,
    ask: { method: 'GET', path },
    java,
    ours: { status: 0, headers: {}, body: problem },
  };
}

/** A difference on three lines, for people. */
export function differenceText({ index, ask, java, ours }: Difference): string {
  const shown = ({ status, headers, body }: Answer): string =>
    `${status} ${JSON.stringify(headers)} ${body.slice(0, BODY_SHOWN)}`;
  const { method, path, body = '' } = ask;
  return `#${index} ${method} ${path} ${body}\n  Java: ${shown(java)}\n  here: ${shown(ours)}`;
}

const BODY_SHOWN = 600;

function comparable({ status, headers, body }: Answer): string {
  return JSON.stringify([status, sorted(headers), sorted(parsed(body))]);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** The same value with the keys of its objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}
