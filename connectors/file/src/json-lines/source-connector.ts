import type { Props, SourceConnector, SourceConnectorContext, SourceTask } from '@sluice/api';
import { checkOffsetChanges, isStdin, type OffsetChange } from '../reading/source-position.ts';
import { JSON_LINES_SOURCE_CONFIG } from './source-config.ts';
import { JsonLinesSourceTask } from './source-task.ts';

/** Reads a file of JSON lines as values. One file, so one task. */
export class JsonLinesSourceConnector implements SourceConnector {
  #context: SourceConnectorContext | null = null;
  #props: Props = {};

  initialize(context: SourceConnectorContext): void {
    this.#context = context;
  }

  start(props: Props): void {
    this.#props = props;
    const { file } = JSON_LINES_SOURCE_CONFIG.parse(props);
    this.#context?.logger.info(
      `Reading JSON lines from ${isStdin(file) ? 'standard input' : file}`,
    );
  }

  taskConfigs(): readonly Props[] {
    return [this.#props];
  }

  newTask(): SourceTask {
    return new JsonLinesSourceTask();
  }

  /** A file can be read again from any position; standard input cannot. */
  exactlyOnceSupport(props: Props): 'SUPPORTED' | 'UNSUPPORTED' {
    return isStdin(JSON_LINES_SOURCE_CONFIG.parse(props).file) ? 'UNSUPPORTED' : 'SUPPORTED';
  }

  alterOffsets(props: Props, offsets: readonly OffsetChange[]): boolean {
    checkOffsetChanges(JSON_LINES_SOURCE_CONFIG.parse(props).file, offsets);
    return true;
  }

  stop(): void {
    // Nothing is held: the task reads.
  }
}
