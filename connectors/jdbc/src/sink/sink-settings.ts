import type { Logger, Props, SinkRecord } from '@sluice/api';
import type { Database } from '../connection/open-connection.ts';
import type { Identifiers } from '../dialect/identifiers.ts';
import type { BindOptions } from '../values/binding.ts';

/** `insert.mode` */
export type InsertMode = 'insert' | 'upsert' | 'update';
/** `pk.mode`; headers are Debezium's. */
export type KeyMode = 'none' | 'kafka' | 'record_key' | 'record_value' | 'record_header';

/** The config of a sink in its own terms, whichever connector's keys it was written in. */
export interface SinkSettings {
  readonly connectorName: string;
  readonly database: Database;
  readonly identifiers: Identifiers;
  readonly insertMode: InsertMode;
  readonly keyMode: KeyMode;
  readonly keyFields: readonly string[];
  readonly isDeleteEnabled: boolean;
  readonly isTruncateEnabled: boolean;
  readonly hasAutoCreate: boolean;
  readonly hasAutoEvolve: boolean;
  /** `table.types`: what may be written to. */
  readonly tableTypes: readonly string[];
  /** The name of a record's table, its parts divided by dots. */
  readonly tableFor: (record: SinkRecord) => string;
  /** Whether a field of the value is written. */
  readonly isFieldKept: (topic: string, field: string) => boolean;
  /** Rows of a statement at most. */
  readonly batchSize: number;
  readonly maxRetries: number;
  readonly retryBackoffMs: number;
  readonly bind: BindOptions;
  /** Whether a null becomes the schema's default. */
  readonly nullsBecomeDefaults: boolean;
  /** The column for values that are plain text; `null`: they are refused. */
  readonly stringColumn: string | null;
  /** Whether values may be Debezium's envelopes. */
  readonly isDebezium: boolean;
  /** The table that holds offsets, or `null` for at-least-once. */
  readonly offsetsTable: string | null;
}

/** Reads a connector's own keys. @throws ConfigError for keys that are wrong, alone or together */
export type SettingsReader = (props: Props, logger: Logger) => SinkSettings;
