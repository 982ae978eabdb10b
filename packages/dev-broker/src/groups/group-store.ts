import path from 'node:path';
import { reasonOf } from '../storage/broker-log.ts';
import { BrokerStartError } from '../storage/broker-start-error.ts';
import { Journal } from '../storage/journal.ts';
import type { OpenLogFile } from '../storage/log-file.ts';
import { type CommittedOffset, type GroupPartition, partitionKey } from './committed-offset.ts';
import { decodeGroupJournalEntry, type GroupJournalEntry } from './group-journal-entry.ts';

/** What outlives the broker of a group: its offsets, and enough to go on with its generations. */
export interface StoredGroup {
  readonly groupId: string;
  readonly protocolType: string | null;
  readonly generation: number;
  /** By {@link partitionKey}. */
  readonly offsets: ReadonlyMap<string, CommittedOffset>;
}

interface MutableGroup {
  readonly groupId: string;
  protocolType: string | null;
  generation: number;
  readonly offsets: Map<string, CommittedOffset>;
}

const FILE_NAME = 'groups.jsonl';
/** A journal shorter than this is not worth rewriting. */
const REWRITE_LINES_MIN = 10_000;
/** It is when it has this many times more lines than there are offsets. */
const REWRITE_RATIO = 4;

/** Groups and their committed offsets: in memory, and in a journal that is written first. */
export class GroupStore {
  readonly #groups = new Map<string, MutableGroup>();
  #journal: Journal | null = null;

  /** @throws BrokerStartError `DATA_DIR_DAMAGED` */
  static async open(dataDir: string, openFile: OpenLogFile): Promise<GroupStore> {
    const store = new GroupStore();
    const file = path.join(dataDir, FILE_NAME);
    try {
      store.#journal = await Journal.open(file, openFile, (entry) =>
        store.#apply(decodeGroupJournalEntry(entry)),
      );
    } catch (error) {
      const text =
        `The committed offsets in ${file} can't be read: ${reasonOf(error)}. ` +
        'Mend the file, or remove it and let the groups begin anew.';
      throw new BrokerStartError('DATA_DIR_DAMAGED', text, error);
    }
    return store;
  }

  get(groupId: string): StoredGroup | undefined {
    return this.#groups.get(groupId);
  }
  list(): readonly StoredGroup[] {
    return [...this.#groups.values()];
  }

  /** Each call resolves when the system has taken the change; it rejects when the disk refuses. */
  async commit(groupId: string, offsets: readonly CommittedOffset[]): Promise<void> {
    await this.#write({ type: 'commit', group: groupId, offsets });
  }
  async saveGroup(groupId: string, protocolType: string | null, generation: number): Promise<void> {
    await this.#write({ type: 'group', group: groupId, protocolType, generation });
  }
  async forget(groupId: string, partitions: readonly GroupPartition[]): Promise<void> {
    await this.#write({ type: 'forget', group: groupId, partitions });
  }
  async delete(groupId: string): Promise<void> {
    await this.#write({ type: 'delete', group: groupId });
  }
  /** Forgets what all groups committed for a topic that is gone. */
  async forgetTopic(topic: string): Promise<void> {
    for (const group of this.list()) {
      const partitions = [...group.offsets.values()].filter((known) => known.topic === topic);
      if (partitions.length > 0) await this.forget(group.groupId, partitions);
    }
  }

  async close(): Promise<void> {
    await this.#journal?.close();
  }

  async #write(entry: GroupJournalEntry): Promise<void> {
    const journal = this.#journal;
    if (journal === null) throw new Error('the group store is not open');
    await journal.append(entry);
    this.#apply(entry);
    const live = this.list().reduce((sum, group) => sum + 1 + group.offsets.size, 0);
    if (journal.lines < Math.max(REWRITE_LINES_MIN, live * REWRITE_RATIO)) return;
    await journal.rewrite(() => this.#snapshot());
  }

  #apply(entry: GroupJournalEntry): void {
    if (entry.type === 'delete') {
      this.#groups.delete(entry.group);
      return;
    }
    const group = this.#groupOf(entry.group);
    if (entry.type === 'group') {
      group.protocolType = entry.protocolType;
      group.generation = entry.generation;
    } else if (entry.type === 'commit') {
      for (const offset of entry.offsets) group.offsets.set(partitionKey(offset), offset);
    } else {
      for (const partition of entry.partitions) group.offsets.delete(partitionKey(partition));
    }
  }

  #groupOf(groupId: string): MutableGroup {
    let group = this.#groups.get(groupId);
    if (group === undefined) {
      group = { groupId, protocolType: null, generation: 0, offsets: new Map() };
      this.#groups.set(groupId, group);
    }
    return group;
  }

  #snapshot(): readonly GroupJournalEntry[] {
    return [...this.#groups.values()].flatMap(({ groupId, protocolType, generation, offsets }) => [
      { type: 'group' as const, group: groupId, protocolType, generation },
      { type: 'commit' as const, group: groupId, offsets: [...offsets.values()] },
    ]);
  }
}
