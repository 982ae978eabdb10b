import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { BrokerConfig } from '../config/broker-config.ts';
import type { OpenLogFile } from '../storage/log-file.ts';
import { BrokerError } from '../storage/broker-error.ts';
import { type BrokerLogger, reasonOf } from '../storage/broker-log.ts';
import { randomUuid } from '../storage/kafka-uuid.ts';
import { SerialQueue } from '../storage/serial-queue.ts';
import { Partition } from './partition.ts';
import { Topic, type TopicRecord } from './topic.ts';
import { readTopicFile, writeTopicFile } from './topic-file.ts';
import { namesCollide } from './topic-name.ts';
import {
  checkPartitionCount,
  plannedConfigs,
  plannedPartitions,
  type WantedTopic,
} from './topic-plan.ts';

/** What a registry stands on. */
export interface TopicRegistrySpec {
  readonly dataDir: string;
  readonly leaderEpoch: number;
  readonly config: BrokerConfig;
  readonly openFile: OpenLogFile;
  readonly logger: BrokerLogger;
  readonly now: () => number;
}

/** File names end at 255 bytes, and the id needs 23 of them. */
const NAME_CHARS_IN_FOLDER = 200;
/** `orders.<id>`: only such folders are ever removed. */
const FOLDER_NAME = /^[a-zA-Z0-9._-]+\.[a-zA-Z0-9_-]{22}$/;

/**
 * The topics of the broker. Changes come one at a time, and are on the disk before they are
 * answered. Reads are plain look-ups.
 */
export class TopicRegistry {
  readonly #spec: TopicRegistrySpec;
  readonly #byName = new Map<string, Topic>();
  readonly #byId = new Map<string, Topic>();
  readonly #changes = new SerialQueue();

  private constructor(spec: TopicRegistrySpec) {
    this.#spec = spec;
  }

  /** @throws BrokerStartError `DATA_DIR_DAMAGED` */
  static async open(spec: TopicRegistrySpec): Promise<TopicRegistry> {
    const registry = new TopicRegistry(spec);
    await mkdir(registry.#topicsDir, { recursive: true });
    const records = await readTopicFile(spec.dataDir);
    for (const record of records ?? []) registry.#add(registry.#topicFrom(record));
    if (records !== null) await registry.#removeLeftovers();
    return registry;
  }

  get(name: string): Topic | undefined {
    return this.#byName.get(name);
  }
  byId(id: string): Topic | undefined {
    return this.#byId.get(id);
  }
  /** In the order of their names. */
  list(): readonly Topic[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * @param isOnlyChecked - say what would be made, and make nothing
   * @throws BrokerError with the code for the client
   */
  create(wanted: WantedTopic, isOnlyChecked = false): Promise<TopicRecord> {
    return this.#changes.run(async () => {
      const partitions = plannedPartitions(wanted, this.#spec.config);
      this.#refuseTaken(wanted.name);
      const configs = Object.fromEntries(plannedConfigs(wanted.configs));
      const record: TopicRecord = { name: wanted.name, id: randomUuid(), partitions, configs };
      if (isOnlyChecked) return record;
      await this.#save([...this.#records(), record]);
      this.#add(this.#topicFrom(record));
      return record;
    });
  }

  /** The topic of that name, made with the broker's defaults when it is not there. */
  async getOrCreate(name: string): Promise<Topic> {
    const wanted = { name, partitions: -1, replicationFactor: -1, assignments: [], configs: [] };
    try {
      if (!this.#byName.has(name)) await this.create(wanted);
    } catch (error) {
      // Two clients asked at the same time: the other one's topic is as good.
      if (!(error instanceof BrokerError && error.code === 'TOPIC_ALREADY_EXISTS')) throw error;
    }
    const topic = this.#byName.get(name);
    if (topic === undefined) {
      throw new BrokerError('UNKNOWN_TOPIC_OR_PARTITION', `Topic ${name} was deleted meanwhile`);
    }
    return topic;
  }

  /** Removes the topic and its records. @throws BrokerError `KAFKA_STORAGE_ERROR` */
  delete(topic: Topic): Promise<void> {
    return this.#changes.run(async () => {
      await this.#save(this.#records().filter((record) => record.id !== topic.id));
      this.#byName.delete(topic.name);
      this.#byId.delete(topic.id);
      for (const partition of topic.partitions) await partition.destroy();
      await rm(this.#folderOf(topic), { recursive: true, force: true });
    });
  }

  /** @throws BrokerError `INVALID_PARTITIONS` unless there are more than before */
  addPartitions(topic: Topic, total: number, isOnlyChecked = false): Promise<void> {
    return this.#changes.run(async () => {
      const before = topic.partitions.length;
      if (total <= before) {
        const text = `Topic ${topic.name} has ${before} partition(s); the number can only grow, and ${total} is not more`;
        throw new BrokerError('INVALID_PARTITIONS', text);
      }
      checkPartitionCount(total);
      if (isOnlyChecked) return;
      const changed = { ...topic.toRecord(), partitions: total };
      await this.#save(this.#recordsWith(changed));
      topic.addPartitions(this.#partitions(topic, before, total));
    });
  }

  /** Puts `configs` in the place of the topic's own configs. */
  replaceConfigs(topic: Topic, configs: ReadonlyMap<string, string>): Promise<void> {
    return this.#changes.run(async () => {
      const changed = { ...topic.toRecord(), configs: Object.fromEntries(configs) };
      await this.#save(this.#recordsWith(changed));
      topic.replaceConfigs(configs);
    });
  }

  /** Closes every log that is open. */
  async close(): Promise<void> {
    await this.#changes.drained();
    const results = await Promise.allSettled(
      this.list().flatMap((topic) => topic.partitions.map((partition) => partition.close())),
    );
    for (const result of results) {
      if (result.status === 'fulfilled') continue;
      const reason = reasonOf(result.reason);
      this.#spec.logger.warn('Closing a partition failed; the next start checks it', { reason });
    }
  }

  get #topicsDir(): string {
    return path.join(this.#spec.dataDir, 'topics');
  }

  #folderOf(topic: { readonly name: string; readonly id: string }): string {
    return path.join(this.#topicsDir, `${topic.name.slice(0, NAME_CHARS_IN_FOLDER)}.${topic.id}`);
  }

  #refuseTaken(name: string): void {
    if (this.#byName.has(name)) {
      throw new BrokerError('TOPIC_ALREADY_EXISTS', `Topic '${name}' already exists.`);
    }
    const rival = this.list().find((topic) => namesCollide(topic.name, name));
    if (rival === undefined) return;
    const text = `Topic '${name}' collides with existing topic: ${rival.name} (dots and underscores count as one)`;
    throw new BrokerError('INVALID_TOPIC_EXCEPTION', text);
  }

  #records(): readonly TopicRecord[] {
    return [...this.#byName.values()].map((topic) => topic.toRecord());
  }
  #recordsWith(changed: TopicRecord): readonly TopicRecord[] {
    return this.#records().map((record) => (record.id === changed.id ? changed : record));
  }

  async #save(records: readonly TopicRecord[]): Promise<void> {
    try {
      await writeTopicFile(this.#spec.dataDir, records);
    } catch (error) {
      const text = `Writing the list of topics in ${this.#spec.dataDir} failed: ${reasonOf(error)}`;
      this.#spec.logger.error(text);
      throw new BrokerError('KAFKA_STORAGE_ERROR', text, error);
    }
  }

  #topicFrom(record: TopicRecord): Topic {
    const topic = new Topic(record, this.#spec.config);
    topic.addPartitions(this.#partitions(topic, 0, record.partitions));
    return topic;
  }

  #partitions(topic: Topic, from: number, to: number): readonly Partition[] {
    const { leaderEpoch, openFile, logger, now } = this.#spec;
    return Array.from({ length: to - from }, (_, i) => {
      const index = from + i;
      return new Partition(topic.name, index, {
        name: `${topic.name}-${index}`,
        directory: path.join(this.#folderOf(topic), String(index)),
        leaderEpoch,
        openFile,
        settings: () => topic.settings,
        logger,
        now,
      });
    });
  }

  #add(topic: Topic): void {
    this.#byName.set(topic.name, topic);
    this.#byId.set(topic.id, topic);
  }

  /** Folders of topics whose deletion a crash interrupted: the list no longer knows their ids. */
  async #removeLeftovers(): Promise<void> {
    const known = new Set(this.list().map((topic) => path.basename(this.#folderOf(topic))));
    for (const folder of await readdir(this.#topicsDir)) {
      if (known.has(folder) || !FOLDER_NAME.test(folder)) continue;
      this.#spec.logger.info('Removing what was left of a deleted topic', { folder });
      await rm(path.join(this.#topicsDir, folder), { recursive: true, force: true });
    }
  }
}
