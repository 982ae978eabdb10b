/** Plug-ins that behave, and one for each way not to. Loaded inside worker threads. */
import {
  type Converter,
  type HeaderConverter,
  newSourceRecord,
  type Props,
  type SinkConnector,
  type SinkTask,
  type SourceConnector,
  type SourceConnectorContext,
  type SourceRecord,
  type SourceTask,
  type SourceTaskContext,
} from '@sluice/api';
import { textConverter } from './task-fixture.ts';

const definition = { className: 'com.example.Test', version: '1', config: { validate: () => [] } };

export const text = { ...definition, type: 'converter', create: (): Converter => textConverter() };

export const headers = {
  ...definition,
  type: 'header_converter',
  create: (): HeaderConverter => ({
    configure: () => undefined,
    fromConnectHeader: () => null,
    toConnectHeader: () => ({ schema: null, value: null }),
  }),
};

/** What `how` asks for, when the task comes to poll the second time. */
async function misbehave(how: string, signal: AbortSignal): Promise<void> {
  switch (how) {
    case 'throw':
      throw new TypeError('the source is broken');
    case 'throw-later':
      setTimeout(() => {
        throw new RangeError('thrown in a timer');
      }, 1);
      break;
    case 'reject':
      void Promise.reject(new Error('rejected by nobody'));
      break;
    case 'exit':
      process.exit(3);
      break;
    case 'spin':
      for (;;) Math.sqrt(2);
    case 'out-of-memory': {
      const kept: number[][] = [];
      for (;;) kept.push(Array.from({ length: 100_000 }, () => 1.5));
    }
    case 'deaf':
      await new Promise(() => undefined);
      break;
    default:
  }
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

class TestSourceTask implements SourceTask {
  #props: Props = {};
  #context: SourceTaskContext | null = null;
  #next = 0;
  #polls = 0;

  initialize(context: SourceTaskContext): void {
    this.#context = context;
  }

  async start(props: Props): Promise<void> {
    this.#props = props;
    if (props['how'] === 'fail-start') throw new Error('cannot connect');
    const stored = await this.#context?.offsetStorageReader.offset({ part: 'p' });
    this.#next = Number(stored?.['at'] ?? -1) + 1;
  }

  async poll(signal: AbortSignal): Promise<readonly SourceRecord[] | null> {
    this.#polls += 1;
    if (this.#polls > 1) {
      await misbehave(this.#props['how'] ?? '', signal);
      return null;
    }
    const at = this.#next++;
    return [
      newSourceRecord({
        topic: 'orders',
        value: `record ${at}`,
        sourcePartition: { part: 'p' },
        sourceOffset: { at },
      }),
    ];
  }

  stop(): void {}
}

class TestSourceConnector implements SourceConnector {
  #context: SourceConnectorContext | null = null;
  #props: Props = {};

  initialize(context: SourceConnectorContext): void {
    this.#context = context;
  }

  start(props: Props): Promise<void> | void {
    this.#props = props;
    if (props['connector.how'] === 'hang-start') return new Promise(() => undefined);
    if (props['connector.how'] === 'block-start')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    if (props['connector.how'] === 'fail-start') throw new Error('bad password');
    if (props['connector.how'] === 'reconfigure') this.#context?.requestTaskReconfiguration();
    if (props['connector.how'] === 'raise') {
      setTimeout(() => this.#context?.raiseError(new Error('lost the server')), 1);
    }
    if (props['connector.how'] === 'exit-later') setTimeout(() => process.exit(4), 1);
    return undefined;
  }

  taskConfigs(maxTasks: number): readonly Props[] {
    return Array.from({ length: maxTasks }, (_, index) => ({ ...this.#props, index: `${index}` }));
  }

  stop(): Promise<void> | void {
    if (this.#props['connector.how'] === 'fail-stop') throw new Error("can't stop");
    if (this.#props['connector.how'] === 'hang-stop') return new Promise(() => undefined);
    return undefined;
  }

  newTask(): SourceTask {
    return new TestSourceTask();
  }

  async validate(props: Props) {
    if (props['connector.how'] === 'exit-validate') process.exit(5);
    if (props['connector.how'] === 'block-validate')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    return [
      {
        name: 'file',
        value: new URL('file:///x'),
        recommendedValues: [],
        errorMessages: props['file'] === undefined ? ['Missing required configuration'] : [],
        visible: true,
      },
    ];
  }
}

class AlteringConnector extends TestSourceConnector {
  alterOffsets(props: Props, offsets: readonly { readonly partition: object }[]): boolean {
    if (offsets.length === 0) throw new Error('nothing to alter');
    return props['accept'] === 'yes';
  }
}

export const altering = {
  ...definition,
  type: 'source',
  create: (): SourceConnector => new AlteringConnector(),
};

export const source = {
  ...definition,
  type: 'source',
  create: (): SourceConnector => new TestSourceConnector(),
};

class TestSinkTask implements SinkTask {
  #props: Props = {};

  initialize(): void {}

  start(props: Props): void {
    this.#props = props;
  }

  put(records: readonly unknown[]): void {
    if (records.length > 0 && this.#props['how'] === 'throw') throw new Error('no such table');
  }

  stop(): void {}
}

class TestSinkConnector implements SinkConnector {
  initialize(): void {}
  start(): void {}
  taskConfigs(): readonly Props[] {
    return [];
  }
  stop(): void {}
  newTask(): SinkTask {
    return new TestSinkTask();
  }
}

export const sink = {
  ...definition,
  type: 'sink',
  create: (): SinkConnector => new TestSinkConnector(),
};
