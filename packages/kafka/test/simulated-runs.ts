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
