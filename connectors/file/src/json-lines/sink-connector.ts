import type { ConnectorContext, Props, SinkConnector, SinkTask } from '@sluice/api';
import { FILE_STREAM_SINK_CONFIG } from '../stream/sink-config.ts';
import { JsonLinesSinkTask } from './sink-task.ts';

/** Writes values as JSON lines. All tasks append to one file. */
export class JsonLinesSinkConnector implements SinkConnector {
  #context: ConnectorContext | null = null;
  #props: Props = {};

  initialize(context: ConnectorContext): void {
    this.#context = context;
  }

  start(props: Props): void {
    this.#props = props;
    const { file } = FILE_STREAM_SINK_CONFIG.parse(props);
    this.#context?.logger.info(`Writing JSON lines to ${file === null ? 'standard output' : file}`);
  }

  taskConfigs(maxTasks: number): readonly Props[] {
    return Array.from({ length: maxTasks }, () => this.#props);
  }

  newTask(): SinkTask {
    return new JsonLinesSinkTask();
  }

  /** Nothing but the group's offsets says what was written: they may be set to anything. */
  alterOffsets(): boolean {
    return true;
  }

  stop(): void {
    // Nothing is held: the tasks write.
  }
}
