import type { Props, SourceConnector, SourceConnectorContext, SourceTask } from '@sluice/api';
import { checkOffsetChanges, isStdin, type OffsetChange } from '../reading/source-position.ts';
import { FILE_STREAM_SOURCE_CONFIG } from './source-config.ts';
import { FileStreamSourceTask } from './source-task.ts';

/** Mirrors `org.apache.kafka.connect.file.FileStreamSourceConnector`. One file, so one task. */
export class FileStreamSourceConnector implements SourceConnector {
  #context: SourceConnectorContext | null = null;
  #props: Props = {};

  initialize(context: SourceConnectorContext): void {
    this.#context = context;
  }

  start(props: Props): void {
    this.#props = props;
    const { file } = FILE_STREAM_SOURCE_CONFIG.parse(props);
    const from = isStdin(file) ? 'standard input' : file;
    this.#context?.logger.info(`Starting file source connector reading from ${from}`);
  }

  taskConfigs(): readonly Props[] {
    return [this.#props];
  }

  newTask(): SourceTask {
    return new FileStreamSourceTask();
  }

  /** A file can be read again from any position; standard input cannot. */
  exactlyOnceSupport(props: Props): 'SUPPORTED' | 'UNSUPPORTED' {
    const { file } = FILE_STREAM_SOURCE_CONFIG.parse(props);
    return isStdin(file) ? 'UNSUPPORTED' : 'SUPPORTED';
  }

  alterOffsets(props: Props, offsets: readonly OffsetChange[]): boolean {
    checkOffsetChanges(FILE_STREAM_SOURCE_CONFIG.parse(props).file, offsets);
    return true;
  }

  stop(): void {
    // Nothing is held: the task reads.
  }
}
