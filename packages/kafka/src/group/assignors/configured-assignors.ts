import { ConfigError } from '../../errors/config-error.ts';
import type { Assignor } from './assignor.ts';
import { rangeAssignor } from './range-assignor.ts';
import { roundRobinAssignor } from './round-robin-assignor.ts';
import { cooperativeStickyAssignor, stickyAssignor } from './sticky-assignor.ts';

const PACKAGE = 'org.apache.kafka.clients.consumer';

const ASSIGNORS: Readonly<Record<string, Assignor>> = {
  [`${PACKAGE}.RangeAssignor`]: rangeAssignor,
  [`${PACKAGE}.RoundRobinAssignor`]: roundRobinAssignor,
  [`${PACKAGE}.StickyAssignor`]: stickyAssignor,
  [`${PACKAGE}.CooperativeStickyAssignor`]: cooperativeStickyAssignor,
};

/**
 * The assignors that `partition.assignment.strategy` lists, under Java's class names.
 *
 * @throws ConfigError for a class that is none of Kafka's own, and for the same one twice
 */
export function configuredAssignors(classNames: readonly string[]): readonly Assignor[] {
  const assignors = classNames.map((name) => {
    const assignor = ASSIGNORS[name];
    if (assignor !== undefined) return assignor;
    throw new ConfigError(
      `Invalid value ${name} for configuration partition.assignment.strategy: ` +
        `this assignor is not known; there are ${Object.keys(ASSIGNORS).join(', ')}`,
    );
  });
  if (new Set(assignors).size === assignors.length) return assignors;
  throw new ConfigError(
    `Invalid value ${classNames.join(',')} for configuration partition.assignment.strategy: ` +
      'an assignor is listed twice',
  );
}

/**
 * Whether rebalances run cooperatively: only when every assignor of the list can, as in Java; else whoever does not
 * get the cooperative one would keep partitions that others were given.
 */
export function isCooperative(assignors: readonly Assignor[]): boolean {
  return assignors.length > 0 && assignors.every((assignor) => assignor.isCooperative);
}
