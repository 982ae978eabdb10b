/** How far a group has read a partition. */
export interface CommittedOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** -1 when the client did not say. */
  readonly leaderEpoch: number;
  /** The client's own note. */
  readonly metadata: string;
}

/** What a partition of a topic is called within a group. */
export interface GroupPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Key of a partition in maps. Topic names hold no slash. */
export function partitionKey({ topic, partition }: GroupPartition): string {
  return `${topic}/${partition}`;
}
