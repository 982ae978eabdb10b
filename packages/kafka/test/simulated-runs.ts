// How model tests run: as often as asked, and again from a printed seed.
/** Parameters from the environment: `SLUICE_MODEL_SEED`, `SLUICE_MODEL_RUNS`. */
export function modelParameters(numRuns: number): { numRuns: number; seed?: number } {
  const seed = process.env['SLUICE_MODEL_SEED'];
  const runs = process.env['SLUICE_MODEL_RUNS'];
  return {
    numRuns: runs === undefined ? numRuns : Number(runs),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  };
}

/** Some faults come in one run of a hundred: rounds are repeated until each has come, this often at most. */
const ROUNDS_MAX = 20;

/**
 * Makes rounds of runs until every kind of event that has to occur has occurred: a model that never
 * met its faults proves nothing. One round when a seed is replayed.
 *
 * @throws Error that names the kind that never came
 */
export async function roundsUntilFired(
  wanted: readonly string[],
  counts: ReadonlyMap<string, number>,
  round: () => Promise<void>,
): Promise<void> {
  const missing = (): string | undefined => wanted.find((what) => (counts.get(what) ?? 0) === 0);
  for (let made = 0; made < ROUNDS_MAX; made++) {
    await round();
    if (missing() === undefined || process.env['SLUICE_MODEL_SEED'] !== undefined) return;
  }
  throw new Error(`${missing()} never came: ${JSON.stringify([...counts])}`);
}

const MULTIPLIER = 1_664_525;
const INCREMENT = 1_013_904_223;
const MODULUS = 2 ** 32;

/** Numbers from 0 to 1 that are the same in every run. */
export function numbers(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, MULTIPLIER) + INCREMENT) >>> 0;
    return state / MODULUS;
  };
}
