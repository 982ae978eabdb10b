import type { ConnectorContext, Props, SinkConnector, SinkTask } from '@sluice/api';
import { LINE_SINK_CONFIG } from './line-sink-config.ts';
import { type LineOf, LineSinkTask } from './line-sink-task.ts';

/**
 * Writes records as lines of one file, to which all tasks append. Mirrors
 * `org.apache.kafka.connect.file.FileStreamSinkConnector`.
 */
export class LineSinkConnector implements SinkConnector {
  readonly #lineOf: LineOf;
  #context: ConnectorContext | null = null;
  #props: Props = {};

  constructor(lineOf: LineOf) {
    this.#lineOf = lineOf;
  }

  initialize(context: ConnectorContext): void {
    this.#context = context;
  }

  start(props: Props): void {
    this.#props = props;
    const { file } = LINE_SINK_CONFIG.parse(props);
    const to = file === null ? 'standard output' : file;
    this.#context?.logger.info(`Starting file sink connector writing to ${to}`);
  }

  taskConfigs(maxTasks: number): readonly Props[] {
    return Array.from({ length: maxTasks }, () => this.#props);
  }

  newTask(): SinkTask {
    return new LineSinkTask(this.#lineOf);
  }

  /** Nothing but the group's offsets says what was written: they may be set to anything. */
  alterOffsets(): boolean {
    return true;
  }

  stop(): void {
    // Nothing is held: the tasks write.
  }
}
