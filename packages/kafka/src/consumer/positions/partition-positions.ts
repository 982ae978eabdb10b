import { pause } from '../../clock.ts';
import { NO_TOPIC_ID } from '../../cluster/cluster-metadata.ts';
import { type FoundOffset, listOffsets, OFFSET_SPEC } from '../../cluster/partition-offsets.ts';
import type { OffsetReset } from '../../config/offset-reset.ts';
import { backoffMs } from '../../connection/backoff.ts';
import { KafkaError } from '../../errors/kafka-error.ts';
import { fetchGroupOffsets } from '../../group/group-offsets.ts';
import type { PartitionState } from '../partition-state.ts';
import { PositionChecks } from './position-checks.ts';
import { noteFailure, unchangedSince } from './position-lookup.ts';
import type { PositionsOptions } from './positions-options.ts';

/** A batch of lookups that fails as a whole is given up after so long, and tried again one partition at a time. */
const TOGETHER_MS = 5000;

/**
 * Brings partitions to a position: from the committed offset, else by `auto.offset.reset`; and checks positions
 * against the leader's log when the leader changes, so that a log that was cut is noticed (KIP-320). Works in the
 * background; partitions do not wait for each other longer than needed.
 */
export class PartitionPositions {
  readonly #options: PositionsOptions;
  readonly #checks: PositionChecks;
  #running: Promise<void> | null = null;
  #isWanted = false;
  #change = Promise.withResolvers<void>();

  constructor(options: PositionsOptions) {
    this.#options = options;
    this.#checks = new PositionChecks(options);
  }

  /** Starts looking for what is missing. Cheap when nothing is. */
  update(): void {
    if (this.#options.signal.aborted || !this.#hasWork()) return;
    this.#isWanted = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  /** Settles when the lookups that are under way have brought something, or failed. */
  changed(): Promise<void> {
    return this.#change.promise;
  }

  /** Settles when nothing is under way. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /**
   * Looks at a fetching partition with the newest metadata. False: its topic was made anew, or its leader is another,
   * and the position has to be found or checked before it is used.
   */
  isStillValid(state: PartitionState, topicId: string, leaderEpoch: number): boolean {
    if (topicId !== NO_TOPIC_ID && topicId !== state.topicId) {
      const isNew = state.topicId !== '';
      state.topicId = topicId;
      if (isNew) {
        this.#onRecreated(state);
        return false;
      }
    }
    if (leaderEpoch === state.leaderEpoch) return true;
    // Nothing to check with, or fetched from this very leader.
    if (state.fetchEpoch < 0 || leaderEpoch < 0 || state.fetchEpoch === leaderEpoch) {
      state.leaderEpoch = leaderEpoch;
      return true;
    }
    state.phase = 'validating';
    this.update();
    return false;
  }

  /** The leader does not have the offset that was asked for. */
  onOutOfRange(state: PartitionState, logStartOffset: number): void {
    const { offsetReset, cluster } = this.#options;
    const at = `${state.name} at offset ${state.fetchOffset}`;
    if (offsetReset.type === 'none') {
      state.fail(
        new KafkaError(
          'OFFSET_OUT_OF_RANGE',
          `Fetching ${at}: this offset is not in the log, which starts at ${logStartOffset}, and ` +
            '"auto.offset.reset" is "none". Seek to an offset that is there, or change the setting.',
        ),
      );
      return;
    }
    cluster.logger.warn(
      `Fetching ${at}: this offset is not in the log, which starts at ${logStartOffset}; ` +
        `going on at "auto.offset.reset" (${offsetReset.type})`,
    );
    state.resetBy(offsetReset);
    this.update();
  }

  /**
   * The topic was deleted and made anew: positions of its former life mean nothing. Everything in the new log was
   * written after this consumer began to follow the topic, so it reads the log from its start even under `latest`.
   */
  #onRecreated(state: PartitionState): void {
    const { offsetReset, cluster } = this.#options;
    const text = `The topic "${state.topic}" was deleted and created again under this consumer`;
    if (offsetReset.type === 'none') {
      const lost = `${text}: the offset ${state.position} of ${state.name} belongs to its former life`;
      state.fail(
        new KafkaError(
          'TOPIC_RECREATED',
          `${lost}, and "auto.offset.reset" is "none". Seek first.`,
        ),
      );
      return;
    }
    cluster.logger.warn(
      `${text}: ${state.name} is read from its start, not from ${state.position}`,
    );
    state.resetBy({ type: 'earliest' });
    this.update();
  }

  async #run(): Promise<void> {
    const { signal, cluster } = this.#options;
    let failures = 0;
    while (this.#isWanted && !signal.aborted) {
      this.#isWanted = false;
      const failed = await Promise.all([
        this.#tell(this.#findCommitted(this.#in('unset'))),
        this.#tell(this.#findByReset(this.#in('resetting'))),
        this.#tell(this.#checks.run(this.#in('validating'))),
      ]);
      // What was found committed may have to be validated or reset next.
      if (!failed.includes(true)) {
        failures = 0;
        this.#isWanted ||= this.#hasWork();
        continue;
      }
      this.#isWanted = true;
      await pause(backoffMs(cluster.config.retryBackoff, failures++, cluster.random), signal);
    }
  }

  async #tell(work: Promise<boolean>): Promise<boolean> {
    const isAgain = await work;
    const { resolve } = this.#change;
    this.#change = Promise.withResolvers();
    resolve();
    this.#options.onNews();
    return isAgain;
  }

  #in(phase: PartitionState['phase']): readonly PartitionState[] {
    return [...this.#options.partitions].filter((state) => state.phase === phase);
  }

  #hasWork(): boolean {
    const { partitions } = this.#options;
    for (const { phase } of partitions) {
      if (phase === 'unset' || phase === 'resetting' || phase === 'validating') return true;
    }
    return false;
  }

  /** True when it has to be tried again. */
  async #findCommitted(states: readonly PartitionState[]): Promise<boolean> {
    if (states.length === 0) return false;
    const { groupId, coordinators, cluster, signal } = this.#options;
    const stillUnset = unchangedSince(this.#options, states);
    if (groupId === null) {
      for (const state of states) this.#reset(state);
      return false;
    }
    const { requestTimeoutMs } = cluster.config;
    const what = `Fetching the committed offsets of the group "${groupId}"`;
    const deadlineMs = cluster.clock.now() + requestTimeoutMs;
    const options = { isStable: true, timeoutMs: requestTimeoutMs };
    try {
      const found = await coordinators.call(
        'group',
        groupId,
        { deadlineMs, signal, what },
        (connection) => fetchGroupOffsets(connection, groupId, states, options),
      );
      const byName = new Map(found.map((each) => [`${each.topic}-${each.partition}`, each]));
      for (const state of stillUnset('unset')) {
        const committed = byName.get(state.name);
        if (committed === undefined) this.#reset(state);
        else state.moveTo(committed.offset, committed.leaderEpoch ?? -1);
      }
      return false;
    } catch (thrown) {
      return noteFailure(this.#options, thrown, stillUnset('unset'));
    }
  }

  #reset(state: PartitionState): void {
    const { offsetReset, groupId } = this.#options;
    if (offsetReset.type !== 'none') {
      state.resetBy(offsetReset);
      return;
    }
    const where = groupId === null ? 'this consumer has no group' : `group "${groupId}"`;
    const text =
      `Undefined offset with no reset policy for partition ${state.name} (${where}): nothing is ` +
      'committed and "auto.offset.reset" is "none". Commit or seek first, or change the setting.';
    state.fail(new KafkaError('NO_OFFSET_FOR_PARTITION', text));
  }

  async #findByReset(states: readonly PartitionState[]): Promise<boolean> {
    if (states.length === 0) return false;
    const { cluster } = this.#options;
    const { metadata } = cluster;
    const isNew = cluster.want(states.map(({ topic }) => topic));
    const isLed = (state: PartitionState): boolean =>
      (metadata.partition(state.topic, state.partition)?.leader ?? -1) >= 0;
    const led = states.filter(isLed);
    if (isNew || led.length < states.length) this.#options.metadata.request();
    // Together at first; those that failed, one by one: they must not hold up the others.
    const together = led.filter((state) => state.attempts === 0);
    const alone = led.filter((state) => state.attempts > 0).map((state) => [state]);
    const groups = [together, ...alone].filter((group) => group.length > 0);
    const failed = await Promise.all(groups.map((group) => this.#findEnds(group)));
    return failed.includes(true) || led.length < states.length;
  }

  async #findEnds(states: readonly PartitionState[]): Promise<boolean> {
    const { cluster, isolationLevel, signal } = this.#options;
    const stillResetting = unchangedSince(this.#options, states);
    const { clock } = cluster;
    const what = 'Looking up the offset to start from';
    const deadlineMs = clock.now() + TOGETHER_MS;
    const queries = states.map(({ topic, partition, reset }) => ({
      topic,
      partition,
      timestamp: timestampOf(reset, clock.wall()),
    }));
    try {
      const found = await listOffsets(cluster, queries, isolationLevel, {
        deadlineMs,
        signal,
        what,
      });
      const atEnd: PartitionState[] = [];
      for (const state of stillResetting('resetting')) {
        const answer = found[states.indexOf(state)];
        if (answer === undefined) continue;
        // No record is that young: by_duration goes to the end.
        if (answer.offset < 0) atEnd.push(state);
        else settle(state, answer);
      }
      for (const state of atEnd) state.reset = { type: 'latest' };
      return false;
    } catch (thrown) {
      return noteFailure(this.#options, thrown, stillResetting('resetting'));
    }
  }
}

function timestampOf(reset: OffsetReset, nowMs: number): number {
  if (reset.type === 'by_duration') return Math.max(nowMs - reset.durationMs, 0);
  return reset.type === 'latest' ? OFFSET_SPEC.latest : OFFSET_SPEC.earliest;
}

/** The leader has just named the offset: nothing to check now, but the epoch tells later whether the log was cut. */
function settle(state: PartitionState, { offset, leaderEpoch }: FoundOffset): void {
  state.moveTo(offset, -1);
  state.positionEpoch = leaderEpoch;
  state.fetchEpoch = leaderEpoch;
}
