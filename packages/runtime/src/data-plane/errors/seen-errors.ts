/** How often records of one task failed with one code. */
export interface SeenError {
  /** Sluice's stable code. */
  readonly code: string;
  readonly count: number;
  readonly lastMs: number;
  readonly lastMessage: string;
}

/** A plug-in that makes up a code per record must not fill the memory. */
const CODES_MAX = 50;
const OTHERS = 'CONNECT_OTHERS';

/** Counts the errors of a task's records by their codes. */
export class SeenErrors {
  readonly #byCode = new Map<string, SeenError>();

  add(error: Error, nowMs: number): void {
    let code = errorCode(error);
    if (!this.#byCode.has(code) && this.#byCode.size >= CODES_MAX) code = OTHERS;
    const count = (this.#byCode.get(code)?.count ?? 0) + 1;
    this.#byCode.set(code, { code, count, lastMs: nowMs, lastMessage: error.message });
  }

  list(): readonly SeenError[] {
    return [...this.#byCode.values()];
  }
}

/** The stable code of an error; of what carries none, one for everything unforeseen. */
export function errorCode(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && code !== '' ? code : 'CONNECT_UNFORESEEN';
}
