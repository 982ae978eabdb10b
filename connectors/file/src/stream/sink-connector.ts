import type { ConnectorContext, Props, SinkConnector, SinkTask } from '@sluice/api';
import { FILE_STREAM_SINK_CONFIG } from './sink-config.ts';
import { FileStreamSinkTask } from './sink-task.ts';

/** Mirrors `org.apache.kafka.connect.file.FileStreamSinkConnector`. All tasks append to one file. */
export class FileStreamSinkConnector implements SinkConnector {
  #context: ConnectorContext | null = null;
  #props: Props = {};

  initialize(context: ConnectorContext): void {
    this.#context = context;
  }

  start(props: Props): void {
    this.#props = props;
    const { file } = FILE_STREAM_SINK_CONFIG.parse(props);
    const to = file === null ? 'standard output' : file;
    this.#context?.logger.info(`Starting file sink connector writing to ${to}`);
  }

  taskConfigs(maxTasks: number): readonly Props[] {
    return Array.from({ length: maxTasks }, () => this.#props);
  }

  newTask(): SinkTask {
    return new FileStreamSinkTask();
  }

  /** Nothing but the group's offsets says what was written: they may be set to anything. */
  alterOffsets(): boolean {
    return true;
  }

  stop(): void {
    // Nothing is held: the tasks write.
  }
}
