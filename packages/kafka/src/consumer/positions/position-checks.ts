import { errorInfo, isRetriable } from '@sluice/protocol';
import { OffsetForLeaderEpochRequest } from '@sluice/protocol/gen/offset-for-leader-epoch-request';
import { brokerError } from '../../errors/broker-error.ts';
import { KafkaError } from '../../errors/kafka-error.ts';
import type { PartitionState } from '../partition-state.ts';
import { askEpochEnds, type EpochEnd } from './offset-epochs.ts';
import { noteFailure, unchangedSince } from './position-lookup.ts';
import type { PositionsOptions } from './positions-options.ts';

/** Older brokers allow the question to each other only. */
const CHECKABLE_FROM = 3;

/** Checks positions against the leader's log, so that a log that was cut is noticed and nothing skipped (KIP-320). */
export class PositionChecks {
  readonly #options: PositionsOptions;

  constructor(options: PositionsOptions) {
    this.#options = options;
  }

  /** True when it has to be tried again. */
  async run(states: readonly PartitionState[]): Promise<boolean> {
    if (states.length === 0) return false;
    const { cluster, metadata } = this.#options;
    const byLeader = Map.groupBy(
      states,
      ({ topic, partition }) => cluster.metadata.partition(topic, partition)?.leader ?? -1,
    );
    const areLeaderless = byLeader.delete(-1);
    if (areLeaderless) metadata.request();
    const failed = await Promise.all(
      [...byLeader].map(([leader, each]) => this.#validateAt(leader, each)),
    );
    return areLeaderless || failed.includes(true);
  }

  async #validateAt(leader: number, states: readonly PartitionState[]): Promise<boolean> {
    const { cluster } = this.#options;
    const stillValidating = unchangedSince(this.#options, states);
    const queries = states.map(({ topic, partition, fetchEpoch }) => ({
      topic,
      partition,
      currentLeaderEpoch: cluster.metadata.partition(topic, partition)?.leaderEpoch ?? -1,
      leaderEpoch: fetchEpoch,
    }));
    try {
      const connection = await cluster.connection(leader);
      if (connection.versionOf(OffsetForLeaderEpochRequest) < CHECKABLE_FROM) {
        stillValidating('validating').forEach((state) => {
          state.leaderEpoch = queries[states.indexOf(state)]?.currentLeaderEpoch ?? -1;
          state.phase = 'fetching';
        });
        return false;
      }
      const ends = await askEpochEnds(connection, queries, cluster.config.requestTimeoutMs);
      const byName = new Map(ends.map((end) => [`${end.topic}-${end.partition}`, end]));
      let isAgain = false;
      for (const state of stillValidating('validating')) {
        const end = byName.get(state.name);
        const epoch = queries[states.indexOf(state)]?.currentLeaderEpoch ?? -1;
        if (end === undefined || end.errorCode !== 0) {
          isAgain = this.#onEpochError(state, end?.errorCode ?? -1) || isAgain;
        } else this.#onEpochEnd(state, end, epoch);
      }
      return isAgain;
    } catch (thrown) {
      return noteFailure(this.#options, thrown, stillValidating('validating'));
    }
  }

  #onEpochError(state: PartitionState, errorCode: number): boolean {
    this.#options.metadata.request();
    const { name } = errorInfo(errorCode);
    if (isRetriable(errorCode) || name === 'UNKNOWN_SERVER_ERROR') return true;
    if (name === 'FENCED_LEADER_EPOCH' || name === 'UNKNOWN_LEADER_EPOCH') return true;
    state.fail(brokerError(errorCode, `Checking the position of ${state.name}`));
    return false;
  }

  #onEpochEnd(state: PartitionState, end: EpochEnd, leaderEpoch: number): void {
    const isKnown = end.endOffset >= 0 && end.leaderEpoch >= 0;
    if (isKnown && end.endOffset >= state.fetchOffset) {
      state.leaderEpoch = leaderEpoch;
      state.phase = 'fetching';
      return;
    }
    if (state.fetchOffset !== state.position) {
      // What was fetched ahead is not in the log any more: drop it, and look at what the application has.
      state.rewindFetch();
      if (state.fetchEpoch >= 0) return;
      state.leaderEpoch = leaderEpoch;
      state.phase = 'fetching';
      return;
    }
    this.#onTruncated(state, isKnown ? end : null);
  }

  /** Records that the application has seen are gone from the log. */
  #onTruncated(state: PartitionState, end: EpochEnd | null): void {
    const { offsetReset, cluster } = this.#options;
    const { name, position, positionEpoch } = state;
    const log =
      end === null ? 'knows nothing of that epoch' : `ends that epoch at ${end.endOffset}`;
    const text =
      `The log of ${name} was truncated: the position was offset ${position} after leader epoch ` +
      `${positionEpoch}, but the leader ${log}`;
    if (offsetReset.type === 'none') {
      state.fail(
        new KafkaError(
          'LOG_TRUNCATION',
          `${text}, and "auto.offset.reset" is "none". Seek to where reading should go on.`,
        ),
      );
      return;
    }
    cluster.logger.warn(
      `${text}; going on ${end === null ? 'by auto.offset.reset' : 'from there'}`,
    );
    if (end === null) state.resetBy(offsetReset);
    else state.moveTo(end.endOffset, end.leaderEpoch);
  }
}
