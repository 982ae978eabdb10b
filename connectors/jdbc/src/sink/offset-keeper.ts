import {
  INT32_SCHEMA,
  INT64_SCHEMA,
  type Logger,
  type SinkRecord,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@sluice/api';
import type { DatabaseConnection } from '../database/database-connection.ts';
import type { SinkSettings } from './sink-settings.ts';

/** Thrown when another task has written to a partition of ours since we looked. */
export class OffsetsMovedError extends Error {
  override readonly name = 'OffsetsMovedError';
}

/**
 * Offsets in the database, moved in the transaction that writes their records: that is what makes the
 * sink exactly-once. Each move names the offset that it starts from, so that of two tasks
 * which hold one partition (a worker that was thought dead) only one can write.
 */
export class OffsetKeeper {
  readonly #settings: SinkSettings;
  readonly #table: string;
  readonly #logger: Logger;
  /** The next offset to be written, by partition, as last committed; missing: no row yet. */
  readonly #next = new Map<string, number>();

  constructor(settings: SinkSettings, table: string, logger: Logger) {
    this.#settings = settings;
    this.#table = table;
    this.#logger = logger;
  }

  /** Makes the table unless it is there. */
  async prepare(connection: DatabaseConnection): Promise<void> {
    const { identifiers, database } = this.#settings;
    const { dialect } = database;
    const id = identifiers.parse(this.#table);
    if ((await dialect.describeTable(connection, id, identifiers)) !== null) return;
    const use = { isKey: false };
    const text = dialect.exactTextType;
    const columns = [
      { name: 'connector', type: text },
      { name: 'topic', type: text },
      { name: 'kafka_partition', type: dialect.columnType(INT32_SCHEMA, use) ?? 'INTEGER' },
      { name: 'next_offset', type: dialect.columnType(INT64_SCHEMA, use) ?? 'BIGINT' },
    ].map((column) => ({ ...column, isNullable: false, defaultLiteral: null }));
    const keys = columns.slice(0, 3).map(({ name }) => name);
    try {
      await connection.execute(dialect.createTable(id, columns, keys, identifiers));
    } catch (error) {
      // Another task may have made it just now.
      if ((await dialect.describeTable(connection, id, identifiers)) === null) throw error;
    }
  }

  /** Reads the offsets of partitions; those without are left out. */
  async load(
    connection: DatabaseConnection,
    partitions: readonly TopicPartition[],
  ): Promise<readonly TopicPartitionOffset[]> {
    const loaded: TopicPartitionOffset[] = [];
    const next = this.#settings.identifiers.quote('next_offset');
    const sql = `SELECT ${next} FROM ${this.#name()} WHERE ${this.#where(1)}`;
    for (const { topic, partition } of partitions) {
      const { rows } = await connection.query(sql, [
        this.#settings.connectorName,
        topic,
        BigInt(partition),
      ]);
      const offset = rows[0]?.[0];
      this.#next.delete(partitionKey(topic, partition));
      if (offset === undefined || offset === null) continue;
      this.#next.set(partitionKey(topic, partition), Number(offset));
      loaded.push({ topic, partition, offset: Number(offset) });
    }
    return loaded;
  }

  /** The records that are not in the database yet. */
  unwritten(records: readonly SinkRecord[]): readonly SinkRecord[] {
    return records.filter((record) => {
      const key = partitionKey(record.originalTopic, record.originalKafkaPartition);
      return record.originalKafkaOffset >= (this.#next.get(key) ?? 0);
    });
  }

  /**
   * Moves the offsets behind these records, in the open transaction; {@link committed} follows.
   *
   * @throws OffsetsMovedError when they do not stand where they stood
   */
  async advance(connection: DatabaseConnection, records: readonly SinkRecord[]): Promise<void> {
    for (const { topic, partition, offset } of nextOffsets(records)) {
      const known = this.#next.get(partitionKey(topic, partition));
      const isMoved =
        known === undefined
          ? await this.#insert(connection, topic, partition, offset)
          : await this.#update(connection, topic, partition, offset, known);
      if (isMoved) continue;
      throw new OffsetsMovedError(
        `The offset of ${topic}-${partition} was moved by another task since it was read.`,
      );
    }
  }

  /** The transaction of these records is committed. */
  committed(records: readonly SinkRecord[]): void {
    for (const { topic, partition, offset } of nextOffsets(records)) {
      this.#next.set(partitionKey(topic, partition), offset);
    }
  }

  /** Sets offsets by hand (`null`: forgets them), for the REST resource of offsets. */
  async reset(
    connection: DatabaseConnection,
    offsets: readonly { topic: string; partition: number; offset: number | null }[],
  ): Promise<void> {
    for (const { topic, partition, offset } of offsets) {
      const sql = `DELETE FROM ${this.#name()} WHERE ${this.#where(1)}`;
      const key = [this.#settings.connectorName, topic, BigInt(partition)];
      await connection.execute(sql, key);
      if (offset !== null) await this.#insert(connection, topic, partition, offset);
    }
    this.#logger.info(`Offsets in ${this.#table} were set for ${offsets.length} partitions`);
  }

  async #insert(
    connection: DatabaseConnection,
    topic: string,
    partition: number,
    offset: number,
  ): Promise<boolean> {
    const { identifiers, database } = this.#settings;
    const names = identifiers.list(['connector', 'topic', 'kafka_partition', 'next_offset']);
    const marks = [1, 2, 3, 4].map((n) => database.dialect.placeholder(n)).join(', ');
    const binds = [this.#settings.connectorName, topic, BigInt(partition), BigInt(offset)];
    try {
      await connection.execute(`INSERT INTO ${this.#name()} (${names}) VALUES (${marks})`, binds);
      return true;
    } catch (error) {
      // The key is there: another task was first.
      if (database.dialect.problemOf(error).kind === 'bad-row') return false;
      throw error;
    }
  }

  async #update(
    connection: DatabaseConnection,
    topic: string,
    partition: number,
    offset: number,
    known: number,
  ): Promise<boolean> {
    const { identifiers, database } = this.#settings;
    const { dialect } = database;
    const next = identifiers.quote('next_offset');
    const sql =
      `UPDATE ${this.#name()} SET ${next} = ${dialect.placeholder(1)} ` +
      `WHERE ${this.#where(2)} AND ${next} = ${dialect.placeholder(5)}`;
    const key = [this.#settings.connectorName, topic, BigInt(partition)];
    return (await connection.execute(sql, [BigInt(offset), ...key, BigInt(known)])) === 1;
  }

  #name(): string {
    const { identifiers } = this.#settings;
    return identifiers.qualified(identifiers.parse(this.#table));
  }

  #where(from: number): string {
    const { identifiers, database } = this.#settings;
    return ['connector', 'topic', 'kafka_partition']
      .map((name, i) => `${identifiers.quote(name)} = ${database.dialect.placeholder(from + i)}`)
      .join(' AND ');
  }
}

/** Behind the last record of each partition, in an order that all tasks take (no deadlocks). */
function nextOffsets(records: readonly SinkRecord[]): readonly TopicPartitionOffset[] {
  const next = new Map<string, TopicPartitionOffset>();
  for (const record of records) {
    const { originalTopic: topic, originalKafkaPartition: partition, originalKafkaOffset } = record;
    const key = partitionKey(topic, partition);
    const offset = originalKafkaOffset + 1;
    if (offset > (next.get(key)?.offset ?? 0)) next.set(key, { topic, partition, offset });
  }
  return [...next].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, offset]) => offset);
}

function partitionKey(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}
