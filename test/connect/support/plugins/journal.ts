import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** One thing that a test plug-in has lived through. */
export interface JournalEntry {
  /** `orders` for a connector, `orders-0` for its first task, a class name before the start. */
  readonly by: string;
  /** `start`, `stop`, `open`, `close`, `records`, `committed`, `block`, ... */
  readonly event: string;
  readonly [detail: string]: unknown;
}

/** How often something was started and stopped. Mirrors `StartsAndStops`. */
export interface StartsAndStops {
  readonly starts: number;
  readonly stops: number;
}

/**
 * What test plug-ins write down and tests read: lines of JSON in a file, so that it works from any
 * thread or process, survives a thread that is ended, and keeps one order for all of them.
 *
 * The other way, tests set signals (files beside it) that plug-ins look at.
 */
export class Journal {
  readonly #file: string;
  readonly #signals: string;

  /** @param folder of the plug-in package */
  constructor(folder: string) {
    this.#file = path.join(folder, 'journal.jsonl');
    this.#signals = path.join(folder, 'signals');
  }

  write(entry: JournalEntry): void {
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  /** All entries of one writer, or, with `event`, those of one kind. */
  entries(by: string, event?: string): readonly JournalEntry[] {
    return this.#all().filter(
      (entry) => entry.by === by && (event === undefined || entry.event === event),
    );
  }

  count(by: string, event: string): number {
    return this.entries(by, event).length;
  }

  /** The sum of a number over entries of a kind: `sum('orders-0', 'records', 'count')`. */
  sum(by: string, event: string, detail: string): number {
    return this.entries(by, event).reduce((total, entry) => total + Number(entry[detail] ?? 0), 0);
  }

  startsAndStops(by: string): StartsAndStops {
    return { starts: this.count(by, 'start'), stops: this.count(by, 'stop') };
  }

  /** Makes the plug-ins see a signal, e.g. `fail orders-0`; see each plug-in for those it knows. */
  raise(signal: string): void {
    mkdirSync(this.#signals, { recursive: true });
    writeFileSync(this.#signalFile(signal), '');
  }
  lower(signal: string): void {
    rmSync(this.#signalFile(signal), { force: true });
  }
  isRaised(signal: string): boolean {
    return existsSync(this.#signalFile(signal));
  }

  #signalFile(signal: string): string {
    return path.join(this.#signals, encodeURIComponent(signal));
  }

  #all(): readonly JournalEntry[] {
    const text = existsSync(this.#file) ? readFileSync(this.#file, 'utf8') : '';
    // What stands behind the last line end is being written.
    return text
      .split('\n')
      .slice(0, -1)
      .map((line): JournalEntry => JSON.parse(line));
  }
}
