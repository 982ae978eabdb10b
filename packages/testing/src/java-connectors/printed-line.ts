import { writeSync } from 'node:fs';
import { javaHashOrder, stringifyJson } from '@sluice/api';

/** Takes a line of output. */
export type PrintLine = (line: string) => void;

const STDOUT = 1;
/** How long to wait for the reader of a full pipe before trying again. */
const FULL_PIPE_WAIT_MS = 5;

/**
 * Standard output by its descriptor, at once: Kafka's system tests count these lines, and in a worker
 * thread `process.stdout` would lose the last of them when the process is killed.
 */
export function printLine(line: string): void {
  let rest: Uint8Array = Buffer.from(`${line}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(STDOUT, rest));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_WAIT_MS);
    }
  }
}

/** A map as Java's connectors print it: JSON, in the order of a `HashMap`. */
export function hashMapLine(map: Readonly<Record<string, unknown>>): string {
  const members = javaHashOrder(Object.keys(map)).map((key) => [key, map[key] ?? null]);
  return stringifyJson(Object.fromEntries(members));
}
