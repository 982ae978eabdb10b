import type { DatabaseProblem } from '../database/database-problem.ts';

const HOST_ADVICE = 'Correct the host and port in connection.url, and see that the server runs.';
const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: HOST_ADVICE,
  ENOTFOUND: HOST_ADVICE,
  EAI_AGAIN: HOST_ADVICE,
  EHOSTUNREACH: HOST_ADVICE,
  ENETUNREACH: HOST_ADVICE,
  ETIMEDOUT: HOST_ADVICE,
  ENOENT: 'Its folder does not exist: create it, or correct the path.',
};

/** An error that is not the database's but of the way to it: all of them may pass. */
export function networkProblem(error: unknown): DatabaseProblem {
  const code: unknown = Reflect.get(Object(error), 'code');
  const name = typeof code === 'string' ? code : '';
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const text = inner instanceof Error ? inner.message : String(inner);
  const isProgramError = [TypeError, RangeError, ReferenceError].some(
    (one) => error instanceof one,
  );
  return {
    kind: isProgramError ? 'fatal' : 'retriable',
    code: name,
    message: text === '' ? name : text,
    advice: ADVICE[name] ?? (/timeout/i.test(text) ? HOST_ADVICE : ''),
    isConnectionLost: !isProgramError,
  };
}
