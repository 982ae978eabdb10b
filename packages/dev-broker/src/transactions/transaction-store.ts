import path from 'node:path';
import type { CommittedOffset, GroupPartition } from '../groups/committed-offset.ts';
import { reasonOf } from '../storage/broker-log.ts';
import { BrokerStartError } from '../storage/broker-start-error.ts';
import { Journal } from '../storage/journal.ts';
import {
  type JsonFields,
  listOf,
  numberOf,
  recordOf,
  recordsOf,
  textOf,
} from '../storage/json-fields.ts';
import type { OpenLogFile } from '../storage/log-file.ts';
import { TRANSACTION_PHASES, type TransactionState } from './transaction-state.ts';

const FILE_NAME = 'transactions.jsonl';
/** A journal shorter than this is not worth rewriting. */
const REWRITE_LINES_MIN = 10_000;
const REWRITE_RATIO = 4;

/** The states of all transactional ids: in memory, and in a journal that is written first. */
export class TransactionStore {
  readonly #states = new Map<string, TransactionState>();
  #journal: Journal | null = null;

  /** @throws BrokerStartError `DATA_DIR_DAMAGED` */
  static async open(dataDir: string, openFile: OpenLogFile): Promise<TransactionStore> {
    const store = new TransactionStore();
    const file = path.join(dataDir, FILE_NAME);
    try {
      store.#journal = await Journal.open(file, openFile, (entry) => {
        const state = decodeTransactionState(entry);
        store.#states.set(state.transactionalId, state);
      });
    } catch (error) {
      const text =
        `The transactions in ${file} can't be read: ${reasonOf(error)}. ` +
        'Mend the file, or remove it: transactions that were open are then never ended.';
      throw new BrokerStartError('DATA_DIR_DAMAGED', text, error);
    }
    return store;
  }

  get(transactionalId: string): TransactionState | null {
    return this.#states.get(transactionalId) ?? null;
  }
  list(): readonly TransactionState[] {
    return [...this.#states.values()];
  }

  /** Resolves when the system has taken it; rejects, and keeps the old one, when the disk refuses. */
  async put(state: TransactionState): Promise<void> {
    const journal = this.#journal;
    if (journal === null) throw new Error('the transaction store is not open');
    await journal.append(state);
    this.#states.set(state.transactionalId, state);
    if (journal.lines < Math.max(REWRITE_LINES_MIN, this.#states.size * REWRITE_RATIO)) return;
    await journal.rewrite(() => this.list());
  }

  async close(): Promise<void> {
    await this.#journal?.close();
  }
}

function decodeTransactionState(entry: unknown): TransactionState {
  const fields = recordOf(entry);
  const phase = TRANSACTION_PHASES.find((known) => known === fields['phase']);
  if (phase === undefined) throw new TypeError(`unknown phase ${String(fields['phase'])}`);
  return {
    transactionalId: textOf(fields, 'transactionalId'),
    producerId: numberOf(fields, 'producerId'),
    epoch: numberOf(fields, 'epoch'),
    lastEpoch: numberOf(fields, 'lastEpoch'),
    timeoutMs: numberOf(fields, 'timeoutMs'),
    phase,
    partitions: recordsOf(fields, 'partitions').map(decodePartition),
    groups: listOf(fields, 'groups').map(String),
    pendingOffsets: recordsOf(fields, 'pendingOffsets').map((item) => ({
      groupId: textOf(item, 'groupId'),
      offsets: recordsOf(item, 'offsets').map(decodeOffset),
    })),
    startedMs: numberOf(fields, 'startedMs'),
  };
}

function decodePartition(fields: JsonFields): GroupPartition {
  return { topic: textOf(fields, 'topic'), partition: numberOf(fields, 'partition') };
}

function decodeOffset(fields: JsonFields): CommittedOffset {
  return {
    ...decodePartition(fields),
    offset: numberOf(fields, 'offset'),
    leaderEpoch: numberOf(fields, 'leaderEpoch'),
    metadata: textOf(fields, 'metadata'),
  };
}
