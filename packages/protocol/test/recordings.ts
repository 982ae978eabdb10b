import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** One instance of a message that Java wrote (see tools/java-parity/protocol). Bytes are base64. */
export interface RecordedInstance {
  readonly message: string;
  readonly version: number;
  readonly style: string;
  readonly bytes: string;
  readonly json: Readonly<Record<string, unknown>>;
  /** The same with unknown tagged fields in every struct. */
  readonly tagged?: string;
  /** The same written in other versions; null where Java refuses. */
  readonly others?: Readonly<Record<string, string | null>>;
}

/**
 * One API as Java's `ApiMessageType` knows it; `headers` has request and response header version
 * per version.
 */
export interface RecordedApi {
  readonly name: string;
  readonly key: number;
  readonly minVersion: number;
  readonly maxVersion: number;
  readonly latestStableVersion: number;
  readonly listeners: readonly string[];
  readonly headers: readonly (readonly [number, number])[];
}

/** One error code as Java's `Errors` knows it. */
export interface RecordedError {
  readonly code: number;
  readonly name: string;
  readonly exception: string | null;
  readonly extends: readonly string[];
}

const golden = join(import.meta.dirname, '..', 'golden');

export function loadInstances(): readonly RecordedInstance[] {
  const text = gunzipSync(readFileSync(join(golden, 'messages.jsonl.gz'))).toString('utf8');
  const lines = text.trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as RecordedInstance);
}

export function loadApis(): readonly RecordedApi[] {
  return JSON.parse(readFileSync(join(golden, 'apis.json'), 'utf8')) as readonly RecordedApi[];
}

export function loadErrors(): readonly RecordedError[] {
  return JSON.parse(readFileSync(join(golden, 'errors.json'), 'utf8')) as readonly RecordedError[];
}
