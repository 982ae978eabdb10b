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

type Fields = Readonly<Record<string, unknown>>;

/** @throws TypeError when it is none of the entries above */
export function decodeGroupJournalEntry(value: unknown): GroupJournalEntry {
  const fields = fieldsOf(value);
  const group = textIn(fields, 'group');
  switch (fields['type']) {
    case 'group': {
      const type = fields['protocolType'];
      const generation = numberIn(fields, 'generation');
      return {
        type: 'group',
        group,
        protocolType: typeof type === 'string' ? type : null,
        generation,
      };
    }
    case 'commit':
      return { type: 'commit', group, offsets: listIn(fields, 'offsets').map(decodeOffset) };
    case 'forget':
      return {
        type: 'forget',
        group,
        partitions: listIn(fields, 'partitions').map(decodePartition),
      };
    case 'delete':
      return { type: 'delete', group };
    default:
      throw new TypeError(`unknown entry type ${String(fields['type'])}`);
  }
}

function decodeOffset(fields: Fields): CommittedOffset {
  return {
    ...decodePartition(fields),
    offset: numberIn(fields, 'offset'),
    leaderEpoch: numberIn(fields, 'leaderEpoch'),
    metadata: textIn(fields, 'metadata'),
  };
}

function decodePartition(fields: Fields): GroupPartition {
  return { topic: textIn(fields, 'topic'), partition: numberIn(fields, 'partition') };
}

function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null) throw new TypeError('an entry is not an object');
  return { ...value };
}
function textIn(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new TypeError(`${name} is not a text`);
  return value;
}
function numberIn(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number') throw new TypeError(`${name} is not a number`);
  return value;
}
function listIn(fields: Fields, name: string): readonly Fields[] {
  const value = fields[name];
  if (!Array.isArray(value)) throw new TypeError(`${name} is not a list`);
  return value.map(fieldsOf);
}
