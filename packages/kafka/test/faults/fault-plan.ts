import { SeededRandom } from './seeded-random.ts';

/** What can go wrong in a run. */
export type FaultKind =
  | 'request cut'
  | 'response cut'
  | 'requests frozen'
  | 'answers frozen'
  | 'slow link'
  | 'slow reader'
  | 'broker frozen'
  | 'full buffer'
  | 'fenced twin'
  | 'broker killed'
  | 'coordinator restarted';

/** Every seed has one of these for sure: that of its number. */
export const FAULT_KINDS = [
  'request cut',
  'response cut',
  'requests frozen',
  'answers frozen',
  'slow link',
  'slow reader',
  'broker frozen',
  'full buffer',
  'fenced twin',
  'broker killed',
  'coordinator restarted',
] as const satisfies readonly FaultKind[];

/** `transform`: records are consumed and, with their offsets, produced again in one transaction. */
export type RunType = 'idempotent' | 'transactional' | 'transform';

/** Keys of Kafka's requests. */
export const API = {
  produce: 0,
  fetch: 1,
  offsetFetch: 9,
  heartbeat: 12,
  initProducerId: 22,
  addPartitions: 24,
  addOffsets: 25,
  endTransaction: 26,
  /** Sent by the broker's coordinator to the partitions' leader: through the proxy, too. */
  writeMarkers: 27,
  commitOffsets: 28,
} as const;

/** One fault and its place. Its progress is that of the run, not of a clock. */
export interface PlannedFault {
  readonly kind: FaultKind;
  /** The step in which it happens; 0 is the start of the producer. */
  readonly step: number;
  /** It waits for the next request of this kind ... */
  readonly api: number;
  /** ... on its way there, or for its answer: then the broker has done what it was asked for. */
  readonly moment: 'request' | 'response';
  /** How much of the message passes before a connection is cut, from 0 to 1. */
  readonly share: number;
}

/** All that a seed decides. */
export interface RunPlan {
  readonly seed: number;
  readonly type: RunType;
  /** Finalized level of `transaction.version`: 2 is KIP-890's protocol. */
  readonly transactionVersion: 0 | 2;
  /** A chunk of records each, or a transaction. */
  readonly steps: number;
  readonly recordsPerStep: number;
  readonly keys: number;
  /** Steps whose transaction is aborted first, and done again. */
  readonly aborts: ReadonlySet<number>;
  /** Steps that wait in the middle until all is acknowledged. */
  readonly flushes: ReadonlySet<number>;
  readonly faults: readonly PlannedFault[];
  readonly producer: Readonly<Record<string, string>>;
  readonly reader: Readonly<Record<string, string>>;
}

const STEPS = 6;
const RECORDS_MIN = 30;
const RECORDS_MAX = 90;
/**
 * More than twice what the buffer holds: a record under way counts two kilobytes and its bytes. Were
 * that to change, the fault would not fire, and the run fail.
 */
const FILLING_RECORDS = 120;
const FILLED_BYTES = 80_000;
const MORE_FAULTS_MAX = 2;
/** Cheap ones, which are put beside the main fault of a run. */
const MORE_KINDS = ['request cut', 'response cut', 'slow link', 'slow reader'] as const;
const NEEDS_TRANSACTION: ReadonlySet<FaultKind> = new Set(['fenced twin', 'coordinator restarted']);
/** They last until a client gives up its connection, which a broker would do much later. */
const NEEDS_CLIENT: ReadonlySet<FaultKind> = new Set([
  'requests frozen',
  'answers frozen',
  'broker frozen',
]);
const TRANSACTIONAL_TYPES = ['transactional', 'transform'] as const;

/** The run of a seed. */
export function planOf(seed: number): RunPlan {
  const random = new SeededRandom(seed);
  const main = FAULT_KINDS[seed % FAULT_KINDS.length] ?? 'request cut';
  const type: RunType =
    NEEDS_TRANSACTION.has(main) || random.chance(2 / 3)
      ? random.pick(TRANSACTIONAL_TYPES)
      : 'idempotent';
  const transactionVersion = random.chance(0.3) ? 0 : 2;
  const kinds: FaultKind[] = [main];
  for (let more = random.between(0, MORE_FAULTS_MAX); more > 0; more--) {
    kinds.push(random.pick(MORE_KINDS));
  }
  const steps = stepsFor(kinds.length, random);
  const faults = kinds
    .map((kind, i) => plannedFault(kind, steps[i] ?? 1, type, transactionVersion, random))
    .toSorted((a, b) => a.step - b.step);
  const isFilling = main === 'full buffer';
  return {
    seed,
    type,
    transactionVersion,
    steps: STEPS,
    recordsPerStep: isFilling ? FILLING_RECORDS : random.between(RECORDS_MIN, RECORDS_MAX),
    keys: random.between(5, 20),
    aborts: withOne(someSteps(random, 0.4), random),
    flushes: someSteps(random, 0.4),
    faults,
    producer: {
      'batch.size': String(random.pick([300, 600, 2000])),
      'linger.ms': String(random.pick([0, 0, 5])),
      'max.in.flight.requests.per.connection': String(random.pick([1, 5, 5])),
      'compression.type': random.pick(['none', 'none', 'lz4', 'zstd', 'gzip', 'snappy']),
      ...(isFilling ? { 'buffer.memory': String(FILLED_BYTES) } : {}),
    },
    reader: {
      'max.poll.records': String(random.pick([3, 50, 500])),
      'max.partition.fetch.bytes': String(random.pick([400, 4000, 1_048_576])),
    },
  };
}

function plannedFault(
  kind: FaultKind,
  step: number,
  type: RunType,
  version: 0 | 2,
  random: SeededRandom,
): PlannedFault {
  const isStart = (kind === 'request cut' || kind === 'response cut') && random.chance(0.15);
  const api = isStart ? API.initProducerId : apiFor(kind, type, version, random);
  const share = random.next();
  return { kind, step: isStart ? 0 : step, api, moment: momentFor(kind, random), share };
}

function momentFor(kind: FaultKind, random: SeededRandom): 'request' | 'response' {
  switch (kind) {
    case 'response cut':
    case 'answers frozen':
    case 'slow reader':
      return 'response';
    case 'broker killed':
      return random.pick(['request', 'response']);
    default:
      return 'request';
  }
}

/** Only what is certain to be sent in every step of such a run. */
function apiFor(kind: FaultKind, type: RunType, version: 0 | 2, random: SeededRandom): number {
  if (kind === 'slow reader') return API.fetch;
  const all: [number, ...number[]] = [API.produce, API.produce, API.fetch];
  if (type !== 'idempotent') {
    all.push(API.produce, API.endTransaction, API.endTransaction);
    if (version === 0) all.push(API.addPartitions);
    if (!NEEDS_CLIENT.has(kind)) all.push(API.writeMarkers);
  }
  if (type === 'transform') {
    all.push(API.commitOffsets, API.commitOffsets);
    if (version === 0) all.push(API.addOffsets);
    if (!NEEDS_CLIENT.has(kind)) all.push(API.heartbeat);
  }
  return random.pick(all);
}

/** Different ones: faults come one at a time. */
function stepsFor(count: number, random: SeededRandom): readonly number[] {
  const free = Array.from({ length: STEPS }, (_, i) => i + 1);
  return Array.from(
    { length: count },
    () => free.splice(random.between(0, free.length - 1), 1)[0] ?? 1,
  );
}

function withOne(some: ReadonlySet<number>, random: SeededRandom): ReadonlySet<number> {
  return some.size > 0 ? some : new Set([random.between(1, STEPS)]);
}

function someSteps(random: SeededRandom, probability: number): ReadonlySet<number> {
  const some = new Set<number>();
  for (let step = 1; step <= STEPS; step++) if (random.chance(probability)) some.add(step);
  return some;
}
