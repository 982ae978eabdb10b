import type { Logger } from '@sluice/api';
import { connectLayout, jsonLayout, type LogEvent } from './connect-layout.ts';
import { FileDescriptorOutput, type LineOutput } from './line-output.ts';
import { LOG_LEVEL_RANKS, type LogLevel } from './log-level.ts';

/** The name of the root in `/admin/loggers`. */
const ROOT_LOGGER = 'root';

export interface LoggersOptions {
  /** For tests; by default the file descriptors. */
  readonly output?: LineOutput;
  /** Where lines go, here and in the threads of tasks. Default: standard output. */
  readonly fds?: readonly number[];
  readonly layout?: (event: LogEvent) => string;
  /** Default INFO. */
  readonly rootLevel?: LogLevel;
  /** Levels to start with, by logger name: those of another thread. */
  readonly levels?: ReadonlyMap<string, LogLevel>;
  readonly clock?: () => number;
}

/** What `/admin/loggers` shows of one logger. */
export interface LoggerInfo {
  readonly name: string;
  readonly level: LogLevel;
  /** When its level was last set here; `null` since the start. */
  readonly lastModifiedMs: number | null;
}

/**
 * All loggers of a thread: named with dots, each taking its level from the nearest ancestor that
 * has one, as log4j's do. Levels change at run time.
 */
export class Loggers {
  /** Where its lines go; other threads follow. */
  readonly fds: readonly number[];
  readonly #output: LineOutput;
  readonly #layout: (event: LogEvent) => string;
  readonly #clock: () => number;
  readonly #levels = new Map<string, LogLevel>();
  readonly #modified = new Map<string, number>();
  readonly #named = new Map<string, LevelCell>();

  constructor(options: LoggersOptions = {}) {
    this.fds = options.fds ?? [STDOUT];
    this.#output = options.output ?? outputTo(this.fds);
    this.#layout = options.layout ?? connectLayout;
    this.#clock = options.clock ?? Date.now;
    this.#levels.set(ROOT_LOGGER, options.rootLevel ?? 'INFO');
    for (const [name, level] of options.levels ?? []) this.#levels.set(name, level);
  }

  /**
   * The logger of that name. `context` is put before its messages, e.g. `[orders|task-0] `; any
   * number of loggers with different contexts share a name and its level.
   */
  get(name: string, context = ''): Logger {
    return new NamedLogger(name, context, this.#cell(name), (event) => {
      this.#output.write(this.#layout({ ...event, timeMs: this.#clock() }));
    });
  }

  /**
   * Sets the level of a logger and of all below it, as log4j does: those with a level of their own
   * are found by the plain beginning of their name. Answers the names whose level is another one
   * now, sorted; only they were modified (R1.69).
   */
  setLevel(name: string, level: LogLevel): readonly string[] {
    const now = this.#clock();
    const before = new Map(this.#names().map((each) => [each, this.level(each)]));
    const isRoot = name === ROOT_LOGGER;
    for (const each of this.#levels.keys())
      if (isRoot || each.startsWith(name)) this.#levels.set(each, level);
    this.#levels.set(name, level);
    for (const [each, cell] of this.#named) cell.rank = LOG_LEVEL_RANKS[this.level(each)];
    const changed = this.#names().filter((each) => this.level(each) !== before.get(each));
    for (const each of changed) this.#modified.set(each, now);
    return changed;
  }

  /** The level in force for a name, inherited where none is set. */
  level(name: string): LogLevel {
    for (let at = name; at !== ''; at = parentOf(at)) {
      const level = this.#levels.get(at);
      if (level !== undefined) return level;
    }
    return this.#levels.get(ROOT_LOGGER) ?? 'INFO';
  }

  /** Every logger in use or with a level of its own, sorted by name. */
  list(): readonly LoggerInfo[] {
    return this.#names().map((name) => this.info(name));
  }

  info(name: string): LoggerInfo {
    return {
      name,
      level: this.level(name),
      lastModifiedMs: this.#modified.get(name) ?? null,
    };
  }

  /** Whether lines are JSON objects; other threads follow. */
  get isJson(): boolean {
    return this.#layout === jsonLayout;
  }

  /** What another thread needs to start with the same levels. */
  levels(): ReadonlyMap<string, LogLevel> {
    return this.#levels;
  }

  #names(): readonly string[] {
    return [...new Set([...this.#levels.keys(), ...this.#named.keys()])].sort();
  }

  #cell(name: string): LevelCell {
    let cell = this.#named.get(name);
    if (cell === undefined) {
      cell = { rank: LOG_LEVEL_RANKS[this.level(name)] };
      this.#named.set(name, cell);
    }
    return cell;
  }
}

// Shared by all loggers of a name, so that a changed level costs nothing per line.
interface LevelCell {
  rank: number;
}

const STDOUT = 1;

function outputTo(fds: readonly number[]): LineOutput {
  const outputs = fds.map((fd) => new FileDescriptorOutput(fd));
  return {
    write: (line) => {
      for (const output of outputs) output.write(line);
    },
  };
}

type Untimed = Omit<LogEvent, 'timeMs'>;

class NamedLogger implements Logger {
  readonly #name: string;
  readonly #context: string;
  readonly #cell: LevelCell;
  readonly #write: (event: Untimed) => void;

  constructor(name: string, context: string, cell: LevelCell, write: (event: Untimed) => void) {
    this.#name = name;
    this.#context = context;
    this.#cell = cell;
    this.#write = write;
  }

  trace(message: string, fields?: object): void {
    this.#log('TRACE', message, fields);
  }

  debug(message: string, fields?: object): void {
    this.#log('DEBUG', message, fields);
  }

  info(message: string, fields?: object): void {
    this.#log('INFO', message, fields);
  }

  warn(message: string, fields?: object): void {
    this.#log('WARN', message, fields);
  }

  error(message: string, fields?: object): void {
    this.#log('ERROR', message, fields);
  }

  #log(level: LogLevel, message: string, fields: object | undefined): void {
    if (LOG_LEVEL_RANKS[level] > this.#cell.rank) return;
    this.#write({ level, logger: this.#name, context: this.#context, message, fields });
  }
}

function parentOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(0, dot);
}
