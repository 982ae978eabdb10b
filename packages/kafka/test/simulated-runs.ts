// How model tests run: as often as asked, and again from a printed seed.
/** Where the seeds of the short sample begin: the same runs each time, so that a failure is a change. */
const SAMPLE_SEED = 20_261_121;

/**
 * Parameters of a round of runs. `npm test` makes the same ones each time; with `SLUICE_MODEL_RUNS=n`
 * they are n new ones, and `SLUICE_MODEL_SEED` makes those of a printed seed again.
 */
export function modelParameters(
  numRuns: number,
  round: number,
): { readonly numRuns: number; readonly seed?: number } {
  const seed = process.env['SLUICE_MODEL_SEED'];
  const runs = process.env['SLUICE_MODEL_RUNS'];
  if (seed !== undefined) return { numRuns: Number(runs ?? numRuns), seed: Number(seed) };
  return runs === undefined ? { numRuns, seed: SAMPLE_SEED + round } : { numRuns: Number(runs) };
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
  round: (number: number) => Promise<void>,
): Promise<void> {
  const missing = (): string | undefined => wanted.find((what) => (counts.get(what) ?? 0) === 0);
  for (let made = 0; made < ROUNDS_MAX; made++) {
    await round(made);
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
