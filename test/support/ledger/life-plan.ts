import { SeededRandom } from '../../../packages/kafka/test/faults/seeded-random.ts';
import { KILL_POINTS, type KillMode, type KillPointName } from './kill-point.ts';

/** How a life of the worker is to end. */
export type LifePlan =
  | {
      readonly type: 'point';
      readonly mode: KillMode;
      readonly point: KillPointName;
      /** The how manieth time the point is reached. */
      readonly count: number;
    }
  /** From outside, so long after the process was started. */
  | { readonly type: 'kill'; readonly afterMs: number }
  | { readonly type: 'stop'; readonly afterMs: number };

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

/** By turns at a random moment and at a point; all points come before one comes again. */
export function plannedKills(seed: number, count: number): readonly LifePlan[] {
  const random = new SeededRandom(seed);
  let points: KillPointName[] = [];
  return Array.from({ length: count }, (_, i): LifePlan => {
    if (i % 2 === 1) return { type: 'kill', afterMs: random.between(0, AFTER_MS_MAX) };
    if (points.length === 0) points = [...KILL_POINTS];
    const [point = 'put'] = points.splice(random.between(0, points.length - 1), 1);
    const mode = random.chance(ABORT_CHANCE) ? 'abort' : 'kill';
    return { type: 'point', mode, point, count: random.between(1, COUNT_MAX[point]) };
  });
}

/** Clean stops at random moments. */
export function plannedStops(seed: number, count: number): readonly LifePlan[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => ({
    type: 'stop',
    afterMs: random.between(0, AFTER_MS_MAX),
  }));
}
