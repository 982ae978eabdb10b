import type { OffsetReset } from '../config/offset-reset.ts';
import type { KafkaError } from '../errors/kafka-error.ts';

/**
 * What an assigned partition waits for. `unset`: its committed offset. `resetting`: an offset that
 * `auto.offset.reset` (or a seek to an end) names. `validating`: whether its position is still in the leader's log.
 * `fetching`: nothing. `failed`: an error that the next poll throws.
 */
export type PartitionPhase = 'unset' | 'resetting' | 'validating' | 'fetching' | 'failed';

const NONE = -1;

/** One assigned partition: where the application is, and where fetching is, which is ahead of it. */
export class PartitionState {
  readonly topic: string;
  readonly partition: number;
  phase: PartitionPhase = 'unset';
  /** The offset of the next record to hand out; -1 while unknown. */
  position = NONE;
  /** The leader epoch of the batch before `position`; -1 when unknown. */
  positionEpoch = NONE;
  /** The offset to ask the broker for next. */
  fetchOffset = NONE;
  fetchEpoch = NONE;
  /** Which of the topic's lives this is; empty while unknown. */
  topicId = '';
  /** The leader epoch that the position was checked against. */
  leaderEpoch = NONE;
  /** How a reset finds the position, while `resetting`. */
  reset: OffsetReset = { type: 'none' };
  failure: KafkaError | null = null;
  isPaused = false;
  /** Grows whenever the position jumps: what was fetched for an older one is stale. */
  version = 0;
  /** Fetched and not handed out yet. */
  bufferedBytes = 0;
  /** A fetch that includes this partition is on its way to this broker; -1 for none. */
  inFlightAt = NONE;
  /** Not fetched before then, on the clock. */
  retryAtMs = 0;
  /** Failed attempts in a row to find or check the position. */
  attempts = 0;
  /** A replica closer than the leader (KIP-392); -1 for none. */
  preferredReplica = NONE;
  preferredUntilMs = 0;
  /** Where the log ends for this consumer (its last stable offset under `read_committed`) and begins, as last told. */
  endOffset = NONE;
  logStartOffset = NONE;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  get name(): string {
    return `${this.topic}-${this.partition}`;
  }

  /** Takes over what a broker told; -1 says nothing. */
  noteEnds(logStartOffset: number, endOffset: number): void {
    if (logStartOffset >= 0) this.logStartOffset = logStartOffset;
    if (endOffset >= 0) this.endOffset = endOffset;
  }

  /** Records between the position and the end of the log; `null` while not known. */
  get lag(): number | null {
    if (this.endOffset < 0 || this.position < 0) return null;
    return Math.max(this.endOffset - this.position, 0);
  }

  /** Records between the start of the log and the position; `null` while not known. */
  get lead(): number | null {
    if (this.logStartOffset < 0 || this.position < 0) return null;
    return Math.max(this.position - this.logStartOffset, 0);
  }

  /** Jumps. With a known epoch the position is checked against the leader's log before it is used. */
  moveTo(offset: number, epoch: number): void {
    this.#forgetFetched();
    this.position = offset;
    this.positionEpoch = epoch;
    this.fetchOffset = offset;
    this.fetchEpoch = epoch;
    this.leaderEpoch = NONE;
    this.phase = epoch >= 0 ? 'validating' : 'fetching';
  }

  /** Gives up the position; it is looked up by `reset`. */
  resetBy(reset: OffsetReset): void {
    this.#forgetFetched();
    this.position = NONE;
    this.positionEpoch = NONE;
    this.reset = reset;
    this.phase = 'resetting';
  }

  /** Fetches again from where the application is. */
  rewindFetch(): void {
    this.#forgetFetched();
    this.fetchOffset = this.position;
    this.fetchEpoch = this.positionEpoch;
  }

  /** Stops until the next poll has thrown the error. */
  fail(error: KafkaError): void {
    this.failure = error;
    this.phase = 'failed';
  }

  #forgetFetched(): void {
    this.version++;
    this.bufferedBytes = 0;
    this.failure = null;
    this.attempts = 0;
    this.retryAtMs = 0;
  }
}
