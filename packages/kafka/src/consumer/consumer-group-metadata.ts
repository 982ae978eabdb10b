/** As whom a transaction commits this consumer's offsets (`sendOffsetsToTransaction`). */
export interface ConsumerGroupMetadata {
  readonly groupId: string;
  /** -1 outside of a generation. */
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}
