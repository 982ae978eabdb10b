/** Plays sessions and writes recordings. */
import { mkdir, writeFile } from 'node:fs/promises';
import {
  take,
  type RecordedStep,
  type SessionHead,
  type Step,
  type Target,
} from '../../../packages/rest/test/parity/session.ts';

const GOLDEN = new URL('../../../packages/rest/golden/', import.meta.url);

/** Takes all steps. Kafka's own texts are left out: they are not ours to keep. */
export async function play(
  steps: readonly Step[],
  target: Target,
  into: RecordedStep[],
): Promise<void> {
  for (const step of steps) {
    const answer = await take(target, step);
    if ('until' in step) into.push(step);
    else if (answer !== null) into.push({ ...step, answer: withoutProse(answer) });
  }
}

/** Documentation goes, and of a stack trace only its first line stays. */
function withoutProse<T extends { readonly body: string }>(answer: T): T {
  const body = answer.body
    .replaceAll(/"documentation":"(?:[^"\\]|\\.)*"/g, '"documentation":""')
    .replaceAll(/"trace":"((?:[^"\\]|\\[^n])*)(?:[^"\\]|\\.)*"/g, '"trace":"$1"');
  return { ...answer, body };
}

export async function writeRecording(
  session: SessionHead,
  steps: readonly RecordedStep[],
): Promise<void> {
  const { name, worker, files, addresses } = session;
  const head: SessionHead = { name, worker, files, addresses };
  const lines = [head, ...steps].map((line) => `${JSON.stringify(line)}\n`);
  await mkdir(GOLDEN, { recursive: true });
  await writeFile(new URL(`${name}.jsonl`, GOLDEN), lines.join(''));
  const asks = steps.filter((step) => 'ask' in step).length;
  process.stdout.write(`${name}: ${asks} requests\n`);
}
