import type {
  ConnectorContext,
  Logger,
  SinkTaskContext,
  SourceConnectorContext,
  SourceMap,
  SourceTaskContext,
} from '@sluice/api';

/** A logger that keeps what it was told, as `level: message`. */
export class RecordingLogger implements Logger {
  readonly lines: string[] = [];
  trace(message: string): void {
    this.lines.push(`trace: ${message}`);
  }
  debug(message: string): void {
    this.lines.push(`debug: ${message}`);
  }
  info(message: string): void {
    this.lines.push(`info: ${message}`);
  }
  warn(message: string): void {
    this.lines.push(`warn: ${message}`);
  }
  error(message: string): void {
    this.lines.push(`error: ${message}`);
  }
  get warnings(): readonly string[] {
    return this.lines.filter((line) => line.startsWith('warn: '));
  }
}

/** What a worker gives a source task whose partition has this committed offset. */
export function aSourceTaskContext(
  offset: SourceMap | null = null,
  logger: Logger = new RecordingLogger(),
): SourceTaskContext {
  return {
    configs: {},
    logger,
    offsetStorageReader: {
      offset: () => Promise.resolve(offset),
      offsets: (partitions) => Promise.resolve(partitions.map(() => offset)),
    },
  };
}

export function aSourceConnectorContext(): SourceConnectorContext {
  return { ...aConnectorContext(), offsetStorageReader: aSourceTaskContext().offsetStorageReader };
}

export function aConnectorContext(): ConnectorContext {
  return {
    logger: new RecordingLogger(),
    requestTaskReconfiguration: () => undefined,
    raiseError: (error) => {
      throw error;
    },
  };
}

export function aSinkTaskContext(logger: Logger = new RecordingLogger()): SinkTaskContext {
  return {
    configs: {},
    logger,
    offset: () => undefined,
    timeout: () => undefined,
    assignment: () => [],
    pause: () => undefined,
    resume: () => undefined,
    requestCommit: () => undefined,
    errantRecordReporter: () => null,
  };
}
