import { SeededRandom } from '../../../packages/kafka/test/faults/seeded-random.ts';
import { KILL_POINTS, type KillMode, type KillPointName } from './kill-point.ts';

/** A life of the worker: how slow its link to the broker is, and how it is to end. */
export type LifePlan = { readonly slowMs: number } & LifeEndPlan;

type LifeEndPlan =
  | {
      readonly type: 'point';
      readonly mode: KillMode;
      readonly point: KillPointName;
      /** The how manieth time the point is reached. */
      readonly count: number;
    }
  /** From outside, so long after the process was started. */
  | { readonly type: 'kill'; readonly afterMs: number }
  | { readonly type: 'stop'; readonly afterMs: number }
  /** Halted for so long, then let go on for a while, and killed. */
  | {
      readonly type: 'freeze';
      readonly afterMs: number;
      readonly frozenMs: number;
      readonly thawedMs: number;
    };

/** Starting takes some 700 ms, and the group waits a second for a dead member: half come later. */
const AFTER_MS_MAX = 3_500;
/** How often a point is reached in two seconds or so, at most. */
const COUNT_MAX: Readonly<Record<KillPointName, number>> = {
  polled: 120,
  produce: 120,
  'produce-sent': 120,
  acknowledged: 1000,
  'offsets-written': 6,
  'offsets-renamed': 6,
  committed: 6,
  put: 40,
  'put-done': 40,
  flush: 5,
  'flush-half': 8,
  flushed: 5,
  'offset-commit': 5,
  'offset-commit-sent': 5,
};
const ABORT_CHANCE = 0.1;
const SLOW_CHANCE = 0.6;
/** Beside the 200 ms between two commits of offsets. */
const SLOW_MS = [20, 400] as const;
/** A slow life has so many requests to produce only. */
const SLOW_REQUESTS_MAX = 4;

/** By turns at a random moment and at a point; all points come before one comes again. */
export function plannedKills(seed: number, kills: number): readonly LifePlan[] {
  const random = new SeededRandom(seed);
  let points: KillPointName[] = [];
  return Array.from({ length: kills }, (_, i): LifePlan => {
    const slowMs = plannedSlowness(random);
    if (i % 2 === 1) return { type: 'kill', afterMs: random.between(0, AFTER_MS_MAX), slowMs };
    if (points.length === 0) points = [...KILL_POINTS];
    const [point = 'put'] = points.splice(random.between(0, points.length - 1), 1);
    const mode = random.chance(ABORT_CHANCE) ? 'abort' : 'kill';
    const isRare = slowMs > 0 && point.startsWith('produce');
    const count = random.between(1, isRare ? SLOW_REQUESTS_MAX : COUNT_MAX[point]);
    return { type: 'point', mode, point, count, slowMs };
  });
}

/** Clean stops at random moments. */
export function plannedStops(seed: number, count: number): readonly LifePlan[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => ({
    type: 'stop',
    afterMs: random.between(0, AFTER_MS_MAX),
    slowMs: plannedSlowness(random),
  }));
}

/** Longer than a member's session, so that its group has given it up when it comes back. */
const FROZEN_MS = [1_500, 4_000] as const;

/** Halts (SIGSTOP) at random moments, of which most outlast a session. */
export function plannedFreezes(seed: number, count: number): readonly LifePlan[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => ({
    type: 'freeze',
    afterMs: random.between(AFTER_MS_MAX / 2, AFTER_MS_MAX),
    frozenMs: random.between(...FROZEN_MS),
    thawedMs: random.between(0, AFTER_MS_MAX),
    slowMs: plannedSlowness(random),
  }));
}

function plannedSlowness(random: SeededRandom): number {
  return random.chance(SLOW_CHANCE) ? random.between(...SLOW_MS) : 0;
}
