/** Plug-ins that do in one of their methods, which `at` names, what `how` says. For worker threads. */
import { EventEmitter } from 'node:events';
import {
  newSourceRecord,
  STRING_SCHEMA,
  type Converter,
  type HeaderConverter,
  type Props,
  type SinkConnector,
  type SinkRecord,
  type SinkTask,
  type SourceConnector,
  type SourceRecord,
  type SourceTask,
} from '@sluice/api';

const definition = { className: 'com.example.Zoo', version: '1', config: { validate: () => [] } };
const RECORDS = 3;

export const text = {
  ...definition,
  type: 'converter',
  create: (): Converter => ({
    configure: () => undefined,
    fromConnectData: (_topic, _schema, value) => Buffer.from(String(value)),
    toConnectData: (_topic, bytes) => ({
      schema: STRING_SCHEMA,
      value: Buffer.from(bytes ?? []).toString(),
    }),
  }),
};

export const headers = {
  ...definition,
  type: 'header_converter',
  create: (): HeaderConverter => ({
    configure: () => undefined,
    fromConnectHeader: () => null,
    toConnectHeader: () => ({ schema: null, value: null }),
  }),
};

/** What a task does when it comes to the method that it is to fail in. */
class Mischief {
  #props: Props = {};

  know(props: Props): void {
    this.#props = props;
  }

  /** Throws, or answers a promise that rejects, in the method that is named. */
  at(method: string): undefined | Promise<never> {
    if (this.#props['at'] !== method) return undefined;
    const error = new TypeError(`the zoo in ${method}`);
    if (this.#props['how'] === 'reject') return Promise.reject(error);
    throw error;
  }

  how(): string {
    return this.#props['how'] ?? '';
  }
}

class ZooSourceTask implements SourceTask {
  readonly #mischief = new Mischief();
  #polls = 0;

  constructor(props: Props) {
    this.#mischief.know(props);
  }

  initialize(): void {
    void this.#mischief.at('initialize');
  }
  start(props: Props): void | Promise<void> {
    this.#mischief.know(props);
    return this.#mischief.at('start');
  }
  async poll(signal: AbortSignal): Promise<readonly SourceRecord[] | null> {
    await this.#mischief.at('poll');
    this.#polls += 1;
    if (this.#polls === 1) return Array.from({ length: RECORDS }, (_, n) => aRecord(n));
    if (this.#mischief.how() === 'error-event') {
      setTimeout(() => new EventEmitter().emit('error', new Error('an error event')), 1);
    }
    if (this.#mischief.how() === 'abort') process.abort();
    const how = this.#mischief.how();
    if (this.#polls === 2 && how in ODD_POLLS) return Reflect.get(ODD_POLLS, how);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    return null;
  }
  commit(): void | Promise<void> {
    return this.#mischief.at('commit');
  }
  commitRecord(): void {
    void this.#mischief.at('commitRecord');
  }
  stop(): void | Promise<void> {
    return this.#mischief.at('stop');
  }
}

function aRecord(n: number): SourceRecord {
  return newSourceRecord({
    topic: 'orders',
    value: `record ${n}`,
    sourcePartition: { part: 'p' },
    sourceOffset: { n },
  });
}

/** What no compiler would let a `poll` answer. */
const ODD_POLLS: object = {
  'poll-undefined': undefined,
  'poll-number': 5,
  'poll-nan': Number.NaN,
  'poll-text': 'records',
  'poll-object': {},
  'poll-null-record': [null],
  'poll-empty-record': [{}],
};

class ZooSinkTask implements SinkTask {
  readonly #mischief = new Mischief();

  constructor(props: Props) {
    this.#mischief.know(props);
  }

  initialize(): void {
    void this.#mischief.at('initialize');
  }
  start(props: Props): void | Promise<void> {
    this.#mischief.know(props);
    return this.#mischief.at('start');
  }
  open(): void | Promise<void> {
    return this.#mischief.at('open');
  }
  put(records: readonly SinkRecord[]): void | Promise<void> {
    if (records.length > 0) return this.#mischief.at('put');
    return undefined;
  }
  flush(): void | Promise<void> {
    return this.#mischief.at('flush');
  }
  close(): void | Promise<void> {
    return this.#mischief.at('close');
  }
  stop(): void | Promise<void> {
    return this.#mischief.at('stop');
  }
}

/** The task is made before it gets its props: `initialize` learns its own from the class. */
function sourceOf(props: Props): SourceConnector {
  return {
    initialize: () => undefined,
    start: () => undefined,
    taskConfigs: () => [props],
    newTask: () => new ZooSourceTask(props),
    stop: () => undefined,
  };
}

function sinkOf(props: Props): SinkConnector {
  return {
    initialize: () => undefined,
    start: () => undefined,
    taskConfigs: () => [props],
    newTask: () => new ZooSinkTask(props),
    stop: () => undefined,
  };
}

export const source = {
  ...definition,
  type: 'source',
  create: (): SourceConnector => sourceOf({}),
};
export const sink = { ...definition, type: 'sink', create: (): SinkConnector => sinkOf({}) };
export const sourceThatThrowsAtInitialize = {
  ...source,
  create: (): SourceConnector => sourceOf({ at: 'initialize' }),
};
export const sinkThatThrowsAtInitialize = {
  ...sink,
  create: (): SinkConnector => sinkOf({ at: 'initialize' }),
};
