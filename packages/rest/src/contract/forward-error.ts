import { RestError } from './rest-error.ts';

const CONFLICT = 409;

/**
 * Another worker has to do this. Herders throw it; the server sends the request there, at most two
 * hops from worker to worker (R1.16). Mirrors `NotLeaderException` and `NotAssignedException`.
 */
export class ForwardError extends RestError {
  /** The other worker's REST address, as it advertises it; null when it is not known yet. */
  readonly workerUrl: string | null;

  constructor(workerUrl: string | null, message: string) {
    super(CONFLICT, message);
    this.name = 'ForwardError';
    this.workerUrl = workerUrl;
  }
}
