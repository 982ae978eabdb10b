import {
  newSinkRecord,
  newStruct,
  type Props,
  type Schema,
  type SinkRecord,
  type SinkRecordInit,
  type SinkTaskContext,
  type TopicPartitionOffset,
} from '@sluice/api';
import type { DatabaseConnection } from '../src/database/database-connection.ts';
import type { Row } from '../src/database/cell.ts';
import { confluentSettings } from '../src/sink/confluent-config.ts';
import { JdbcSinkTask } from '../src/sink/sink-task.ts';
import { quietLogger } from './quiet-logger.ts';

/** A sink task as a worker would drive it, and what it told the worker. */
export interface SinkRun extends AsyncDisposable {
  readonly task: JdbcSinkTask;
  /** What went to the dead letter queue: offset and message. */
  readonly reported: { readonly offset: number; readonly error: Error }[];
  /** The last rewind. */
  readonly rewinds: TopicPartitionOffset[][];
  readonly timeouts: number[];
  put(...records: readonly SinkRecord[]): Promise<void>;
}

/** Starts a task with the keys of Confluent's sink; a reporter is there unless told otherwise. */
export async function startSink(
  props: Props,
  { hasReporter = true, readSettings = confluentSettings } = {},
): Promise<SinkRun> {
  const reported: { offset: number; error: Error }[] = [];
  const rewinds: TopicPartitionOffset[][] = [];
  const timeouts: number[] = [];
  const task = new JdbcSinkTask(readSettings);
  const context: SinkTaskContext = {
    configs: props,
    logger: quietLogger,
    offset: (offsets) => rewinds.push([...offsets]),
    timeout: (timeoutMs) => timeouts.push(timeoutMs),
    assignment: () => [{ topic: 't', partition: 0 }],
    pause: () => undefined,
    resume: () => undefined,
    requestCommit: () => undefined,
    errantRecordReporter: () =>
      hasReporter
        ? {
            report: async (record, error) => {
              reported.push({ offset: record.kafkaOffset, error });
            },
          }
        : null,
  };
  task.initialize(context);
  await task.start({ name: 'sink', ...props });
  await task.open([{ topic: 't', partition: 0 }]);
  return {
    task,
    reported,
    rewinds,
    timeouts,
    put: (...records) => task.put(records),
    [Symbol.asyncDispose]: () => task.stop(),
  };
}

/** A record of topic `t`, whose value is a struct. */
export function aRecord(
  offset: number,
  schema: Schema,
  values: Readonly<Record<string, unknown>> | null,
  more: Partial<SinkRecordInit> = {},
): SinkRecord {
  return newSinkRecord({
    topic: 't',
    kafkaPartition: 0,
    kafkaOffset: offset,
    valueSchema: values === null ? null : schema,
    value: values === null ? null : newStruct(schema, values),
    ...more,
  });
}

/** What a query answers, every cell as text (bytes in hex). */
export async function rowsOf(
  connection: DatabaseConnection,
  sql: string,
): Promise<readonly (readonly (string | null)[])[]> {
  const { rows } = await connection.query(sql);
  return rows.map((row: Row) =>
    row.map((cell) => {
      if (cell === null) return null;
      return cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : String(cell);
    }),
  );
}
