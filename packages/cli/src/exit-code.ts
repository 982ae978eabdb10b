/** The exit codes of the command (R9.01, R9.02), the same for all of its parts. */
export const EXIT_CODE = {
  ok: 0,
  /** The arguments can't be understood; usage was printed. Also `dev --once` without success. */
  usage: 1,
  /** The worker's properties are wrong, a port is taken, no broker or worker answers. */
  cannotStart: 2,
  /** The worker could not begin its work, or a connector of the command line was not created. */
  startFailed: 3,
  /** `lint` has found errors, or anything at all with --strict. */
  findings: 4,
  /** A worker was asked over REST and refused. */
  refused: 5,
} as const;
