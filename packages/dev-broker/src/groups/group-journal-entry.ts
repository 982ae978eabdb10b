import { type JsonFields, numberOf, recordOf, recordsOf, textOf } from '../storage/json-fields.ts';
import type { CommittedOffset, GroupPartition } from './committed-offset.ts';

/** A line of the groups' journal. */
export type GroupJournalEntry =
  | {
      readonly type: 'group';
      readonly group: string;
      readonly protocolType: string | null;
      readonly generation: number;
    }
  | {
      readonly type: 'commit';
      readonly group: string;
      readonly offsets: readonly CommittedOffset[];
    }
  | {
      readonly type: 'forget';
      readonly group: string;
      readonly partitions: readonly GroupPartition[];
    }
  | { readonly type: 'delete'; readonly group: string };

/** @throws TypeError when it is none of the entries above */
export function decodeGroupJournalEntry(value: unknown): GroupJournalEntry {
  const fields = recordOf(value);
  const group = textOf(fields, 'group');
  switch (fields['type']) {
    case 'group': {
      const type = fields['protocolType'];
      const generation = numberOf(fields, 'generation');
      return {
        type: 'group',
        group,
        protocolType: typeof type === 'string' ? type : null,
        generation,
      };
    }
    case 'commit':
      return { type: 'commit', group, offsets: recordsOf(fields, 'offsets').map(decodeOffset) };
    case 'forget':
      return {
        type: 'forget',
        group,
        partitions: recordsOf(fields, 'partitions').map(decodePartition),
      };
    case 'delete':
      return { type: 'delete', group };
    default:
      throw new TypeError(`unknown entry type ${String(fields['type'])}`);
  }
}

function decodeOffset(fields: JsonFields): CommittedOffset {
  return {
    ...decodePartition(fields),
    offset: numberOf(fields, 'offset'),
    leaderEpoch: numberOf(fields, 'leaderEpoch'),
    metadata: textOf(fields, 'metadata'),
  };
}

function decodePartition(fields: JsonFields): GroupPartition {
  return { topic: textOf(fields, 'topic'), partition: numberOf(fields, 'partition') };
}
