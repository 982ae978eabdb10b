// Faults for the simulated brokers, as random as the model tests want them.
import type { ErrorName } from '@sluice/protocol';
import fc from 'fast-check';

/** What happens to one request. */
export type Fault =
  | { readonly type: 'none' }
  /** Carried out, and the answer comes late. */
  | { readonly type: 'slow'; readonly ms: number }
  /** The connection ends; the request is never carried out, or already was, or will be later. */
  | { readonly type: 'cut before' | 'cut after' }
  | { readonly type: 'cut and late'; readonly ms: number }
  /** Carried out, and no answer ever comes. */
  | { readonly type: 'mute' }
  /** Refused, or carried out and reported as an error all the same. */
  | { readonly type: 'error' | 'error after'; readonly error: ErrorName }
  /** First, something else happens. */
  | {
      readonly type:
        | 'leader moves'
        | 'leader restarts'
        | 'producer forgotten'
        | 'coordinator moves'
        | 'transaction expires';
    };

const retriable = ['NOT_ENOUGH_REPLICAS', 'UNKNOWN_TOPIC_OR_PARTITION', 'CORRUPT_MESSAGE'] as const;
const final = ['TOPIC_AUTHORIZATION_FAILED', 'INVALID_RECORD', 'MESSAGE_TOO_LARGE'] as const;
const unclear = [
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'REQUEST_TIMED_OUT',
  'KAFKA_STORAGE_ERROR',
  'UNKNOWN_SERVER_ERROR',
] as const;

/** Errors by which leaders of transactions tell that something has to end. */
const transactional = ['TRANSACTION_ABORTABLE', 'INVALID_PRODUCER_EPOCH'] as const;

export function faults(kind: 'idempotent' | 'transactional'): fc.Arbitrary<readonly Fault[]> {
  const names = kind === 'transactional' ? [...final, ...transactional] : final;
  const upsets = ['leader moves', 'leader restarts', 'coordinator moves'] as const;
  const others =
    kind === 'transactional'
      ? (['transaction expires'] as const)
      : (['producer forgotten'] as const);
  const error = (
    type: 'error' | 'error after',
    errors: readonly ErrorName[],
  ): fc.Arbitrary<Fault> => fc.constantFrom(...errors).map((each) => ({ type, error: each }));
  const fault = fc.oneof(
    { weight: 12, arbitrary: fc.constant<Fault>({ type: 'none' }) },
    {
      weight: 2,
      arbitrary: fc.integer({ min: 2, max: 90 }).map<Fault>((ms) => ({ type: 'slow', ms })),
    },
    {
      weight: 3,
      arbitrary: fc.constantFrom<Fault[]>({ type: 'cut before' }, { type: 'cut after' }),
    },
    {
      weight: 2,
      arbitrary: fc
        .integer({ min: 1, max: 150 })
        .map<Fault>((ms) => ({ type: 'cut and late', ms })),
    },
    { weight: 1, arbitrary: fc.constant<Fault>({ type: 'mute' }) },
    { weight: 2, arbitrary: error('error', [...retriable, ...unclear]) },
    { weight: 2, arbitrary: error('error after', unclear) },
    { weight: 1, arbitrary: error('error', names) },
    { weight: 3, arbitrary: fc.constantFrom(...upsets).map<Fault>((type) => ({ type })) },
    { weight: 1, arbitrary: fc.constantFrom(...others).map<Fault>((type) => ({ type })) },
  );
  return fc.array(fault, { maxLength: 40 });
}

/** Every kind of fault that these make. */
export const FAULT_TYPES = [
  'slow',
  'cut before',
  'cut after',
  'cut and late',
  'mute',
  'error',
  'error after',
  'leader moves',
  'leader restarts',
  'coordinator moves',
] as const satisfies readonly Fault['type'][];
