import {
  ConfigDef,
  type Props,
  type SinkConnector,
  type SinkConnectorPlugin,
  type SinkTask,
  type SourceConnector,
  type SourceConnectorPlugin,
  type SourceTask,
} from '@sluice/api';
import type { Journal } from './journal.ts';

const PACKAGE = 'org.apache.kafka.connect.integration';
const VERSION = '0.0.0';

/**
 * Where a blocking connector never returns; the value of its key `block`. `initialize` and what
 * comes before the start have classes of their own: see {@link blockingPlugins}.
 */
export type BlockingPoint =
  | 'Connector::validate'
  | 'Connector::initialize'
  | 'Connector::start'
  | 'Connector::taskConfigs'
  | 'Connector::stop'
  | 'Task::start'
  | 'Task::stop'
  | 'SourceTask::poll'
  | 'SinkTask::put';

const CONFIG = new ConfigDef({
  block: { type: 'STRING', default: '', importance: 'MEDIUM', doc: 'Where to block for ever.' },
  'block.how': {
    type: 'STRING',
    default: 'async',
    importance: 'MEDIUM',
    doc: 'async: by a promise that never settles; sync: by a call that never returns.',
  },
});

/**
 * Connectors that never return from one method, as those of Java's `BlockingConnectorTest`, either
 * with a promise that never settles (`block.how=async`) or with their thread (`block.how=sync`; the
 * thread sleeps, so that it costs no processor). Each writes `block` (`point`) down before it does.
 *
 * `BlockingConnector` blocks where `block` says in the connector, `BlockingSourceConnector` and
 * `BlockingSinkConnector` in their tasks; `ValidateBlockingConnector` in `validate` and
 * `InitializeBlockingConnector` in `initialize` (a plain call: it can only block its thread).
 */
export function blockingPlugins(journal: Journal): Readonly<{
  blockingConnector: SourceConnectorPlugin;
  blockingSource: SourceConnectorPlugin;
  blockingSink: SinkConnectorPlugin;
  validateBlocking: SourceConnectorPlugin;
  initializeBlocking: SourceConnectorPlugin;
}> {
  const source = (name: string, create: () => SourceConnector): SourceConnectorPlugin => ({
    type: 'source',
    className: `${PACKAGE}.${name}`,
    version: VERSION,
    config: CONFIG,
    create,
  });
  return {
    blockingConnector: source('BlockingConnector', () => new BlockingSourceConnector(journal)),
    blockingSource: source('BlockingSourceConnector', () => new BlockingSourceConnector(journal)),
    blockingSink: {
      type: 'sink',
      className: `${PACKAGE}.BlockingSinkConnector`,
      version: VERSION,
      config: CONFIG,
      create: () => new BlockingSinkConnector(journal),
    },
    validateBlocking: source('ValidateBlockingConnector', () => new ValidateBlocking(journal)),
    initializeBlocking: source(
      'InitializeBlockingConnector',
      () => new InitializeBlocking(journal),
    ),
  };
}

/** Never returns where it is configured to. */
class Block {
  readonly #journal: Journal;
  readonly #point: string;
  readonly #isSync: boolean;
  readonly #by: string;

  constructor(journal: Journal, props: Props) {
    this.#journal = journal;
    this.#point = props['block'] ?? '';
    this.#isSync = props['block.how'] === 'sync';
    this.#by = props['name'] ?? props['connector.name'] ?? '';
  }

  async at(point: BlockingPoint): Promise<void> {
    if (point !== this.#point) return;
    this.#journal.write({ by: this.#by, event: 'block', point });
    if (this.#isSync) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    await new Promise(() => undefined);
  }
}

abstract class BlockingBase {
  protected readonly journal: Journal;
  protected props: Props = {};
  protected block: Block;

  constructor(journal: Journal) {
    this.journal = journal;
    this.block = new Block(journal, {});
  }

  initialize(): void {}

  async start(props: Props): Promise<void> {
    this.props = props;
    this.block = new Block(this.journal, props);
    await this.block.at('Connector::start');
  }

  async taskConfigs(maxTasks: number): Promise<readonly Props[]> {
    await this.block.at('Connector::taskConfigs');
    return Array.from({ length: maxTasks }, () => this.props);
  }

  async stop(): Promise<void> {
    await this.block.at('Connector::stop');
  }
}

class BlockingSourceConnector extends BlockingBase implements SourceConnector {
  newTask(): SourceTask {
    return new BlockingSourceTask(this.journal);
  }
}

class ValidateBlocking extends BlockingSourceConnector {
  async validate(props: Props) {
    await new Block(this.journal, { ...props, block: 'Connector::validate' }).at(
      'Connector::validate',
    );
    return [];
  }
}

class InitializeBlocking extends BlockingSourceConnector {
  override initialize(): void {
    const by = { name: 'InitializeBlockingConnector' };
    // The call blocks before there is a promise to wait for.
    void new Block(this.journal, {
      ...by,
      block: 'Connector::initialize',
      'block.how': 'sync',
    }).at('Connector::initialize');
  }
}

class BlockingSinkConnector extends BlockingBase implements SinkConnector {
  newTask(): SinkTask {
    return new BlockingSinkTask(this.journal);
  }
}

abstract class BlockingTask {
  readonly #journal: Journal;
  protected block: Block;

  constructor(journal: Journal) {
    this.#journal = journal;
    this.block = new Block(journal, {});
  }

  initialize(): void {}

  async start(props: Props): Promise<void> {
    this.block = new Block(this.#journal, props);
    await this.block.at('Task::start');
  }

  async stop(): Promise<void> {
    await this.block.at('Task::stop');
  }
}

class BlockingSourceTask extends BlockingTask implements SourceTask {
  async poll(signal: AbortSignal): Promise<null> {
    await this.block.at('SourceTask::poll');
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    return null;
  }
}

class BlockingSinkTask extends BlockingTask implements SinkTask {
  put(): Promise<void> {
    return this.block.at('SinkTask::put');
  }
}
