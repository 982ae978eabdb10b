import type { ErrorCount } from '@sluice/rest';
import type { SeenError } from '../../data-plane/errors/seen-errors.ts';

/** Codes kept per worker: more are a fault of the one who makes up codes. */
const ENTRIES_MAX = 1_000;
/** As long as a message that people read. */
const MESSAGE_LENGTH_MAX = 1_000;

/**
 * The errors that ended connectors and tasks, by code. Those of single records are counted in the
 * tasks themselves and merged in when somebody asks.
 */
export class ErrorLog {
  readonly #now: () => number;
  readonly #entries = new Map<string, ErrorCount>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param trace as in the status: its first line is the message */
  add(connector: string, task: number | null, code: string, trace: string): void {
    const key = JSON.stringify([connector, task, code]);
    const before = this.#entries.get(key);
    if (before === undefined && this.#entries.size >= ENTRIES_MAX) return;
    this.#entries.set(key, {
      code,
      connector,
      task,
      count: (before?.count ?? 0) + 1,
      last_seen_ms: this.#now(),
      last_message: firstLine(trace),
    });
  }

  /** All of them, with those of records that tasks report. @param connector `null` for all */
  merged(connector: string | null, ofRecords: readonly SeenErrors[]): readonly ErrorCount[] {
    const found = [...this.#entries.values()];
    for (const { connector: owner, task, errors } of ofRecords) {
      for (const each of errors) found.push(countOf(owner, task, each));
    }
    return found
      .filter((each) => connector === null || each.connector === connector)
      .sort(
        (a, b) =>
          a.code.localeCompare(b.code) ||
          a.connector.localeCompare(b.connector) ||
          (a.task ?? -1) - (b.task ?? -1),
      );
  }

  forget(connector: string): void {
    for (const [key, entry] of this.#entries) {
      if (entry.connector === connector) this.#entries.delete(key);
    }
  }
}

/** What one task has seen of failing records. */
export interface SeenErrors {
  readonly connector: string;
  readonly task: number;
  readonly errors: readonly SeenError[];
}

function countOf(connector: string, task: number, error: SeenError): ErrorCount {
  return {
    code: error.code,
    connector,
    task,
    count: error.count,
    last_seen_ms: error.lastMs,
    last_message: firstLine(error.lastMessage),
  };
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').slice(0, MESSAGE_LENGTH_MAX);
}
