import { asKafkaError } from '../../errors/broker-error.ts';
import type { PositionsOptions } from './positions-options.ts';
import type { PartitionPhase, PartitionState } from '../partition-state.ts';

/** Retriable: notes the attempt and logs, true. Else: the partitions fail with it. */
export function noteFailure(
  options: PositionsOptions,
  thrown: unknown,
  states: readonly PartitionState[],
): boolean {
  const { signal, cluster, metadata } = options;
  if (signal.aborted) return false;
  const error = asKafkaError(thrown);
  cluster.logger.debug(error.message);
  for (const state of states) {
    state.attempts++;
    if (!error.isRetriable) state.fail(error);
  }
  metadata.request();
  return error.isRetriable;
}

/** Gives, later, those of these partitions that nobody has moved, revoked or failed meanwhile. */
export function unchangedSince(
  { partitions }: PositionsOptions,
  states: readonly PartitionState[],
): (phase: PartitionPhase) => readonly PartitionState[] {
  const versions = new Map(states.map((state) => [state, state.version]));
  return (phase) =>
    states.filter(
      (state) =>
        partitions.isCurrent(state) &&
        state.phase === phase &&
        state.version === versions.get(state),
    );
}
