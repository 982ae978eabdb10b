// Goal: whatever happens to a classic group, nobody commits what another member has, callbacks come in an order that makes sense, and
// when the trouble is over all are in one generation with every partition in one pair of hands. Method: random runs of real
// `ConsumerGroup`s against a coordinator in memory, with timers that the test moves. A failing seed is printed by fast-check;
// SLUICE_SEED=<seed>:<path> replays it.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { parseAdminConfig } from '../src/admin/admin-config.ts';
import { ClusterMetadata, type TopicInfo } from '../src/cluster/cluster-metadata.ts';
import { parseConsumerConfig } from '../src/consumer/consumer-config.ts';
import type { TopicPartition } from '../src/consumer/contract.ts';
import { PartitionTable } from '../src/consumer/partition-table.ts';
import { asKafkaError } from '../src/errors/broker-error.ts';
import { ConsumerGroup } from '../src/group/consumer-group.ts';
import type { GroupCluster } from '../src/group/group-link.ts';
import { commitGroupOffsets } from '../src/group/group-offsets.ts';
import { TopicSubscription } from '../src/group/topic-subscription.ts';
import { silentLogger } from '../src/logger.ts';
import { ConsumerMetrics } from '../src/metrics/consumer-metrics.ts';
import { type CoordinatorFault, SimGroupCoordinator } from './sim-group-coordinator.ts';

const TOPIC = 't';
const MEMBERS = 3;
const STEP_MS = 50;
const HEARTBEAT_MS = 100;
const SESSION_MS = 1000;
const POLL_MAX_MS = 3000;
/** More than all time-outs together need. */
const SETTLE_STEPS = 600;

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

/** What all members see of the cluster. */
class SimCluster implements GroupCluster {
  readonly clock = { now: () => this.ms, wall: () => this.ms };
  readonly config = parseAdminConfig(
    { 'bootstrap.servers': '127.0.0.1:1', 'retry.backoff.ms': '20', 'retry.backoff.max.ms': '60' },
    silentLogger,
  ).client;
  readonly logger = silentLogger;
  readonly random = (): number => 0.5;
  ms = 0;
  metadata = ClusterMetadata.empty;
  readonly #listeners = new Set<() => void>();

  want(): boolean {
    return false;
  }
  refresh(): Promise<void> {
    return Promise.resolve();
  }
  onRefresh(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  setPartitions(count: number): void {
    const partitions = Array.from({ length: count }, (_, partition) => ({
      partition,
      leader: 0,
      leaderEpoch: 0,
      replicas: [0],
      isr: [0],
    }));
    const topic: TopicInfo = { name: TOPIC, topicId: 'id', isInternal: false, partitions };
    const brokers = new Map([[0, { id: 0, host: 'h', port: 1, rack: null }]]);
    const parts = { clusterId: 'c', controllerId: 0, brokers, topicErrors: new Map() };
    this.metadata = new ClusterMetadata({ ...parts, topics: new Map([[TOPIC, topic]]) });
    for (const listener of this.#listeners) listener();
  }
}

/** One consumer of the group, and what its listener was told. */
class SimMember {
  readonly group: ConsumerGroup;
  readonly table = new PartitionTable();
  /** By the listener's account. */
  readonly owned = new Set<string>();
  readonly #sim: SimGroupCoordinator;
  readonly #groupId: string;
  readonly #instanceId: string | null;
  isFailing = false;
  /** Another process has its place for good. */
  isFenced = false;
  isCut = false;

  constructor(sim: SimGroupCoordinator, cluster: SimCluster, properties: Record<string, string>) {
    this.#sim = sim;
    const { group: config } = parseConsumerConfig(properties, silentLogger);
    assert.ok(config !== null);
    this.#groupId = config.groupId;
    this.#instanceId = config.instanceId;
    const sender = sim.connect(() => this.isCut);
    this.group = new ConsumerGroup({
      cluster,
      coordinators: { connection: () => Promise.resolve(sender), noteError: () => undefined },
      config,
      rack: '',
      partitions: this.table,
      subscription: new TopicSubscription([TOPIC], true),
      listener: {
        onPartitionsAssigned: (added) => this.#told('+', added),
        onPartitionsRevoked: async (revoked) => {
          this.#told('-', revoked);
          await this.commit(revoked);
        },
        onPartitionsLost: (lost) => this.#told('!', lost),
      },
      metrics: new ConsumerMetrics(cluster.clock, 'c', () => this.table.size),
      beforeRevocation: () => Promise.resolve(),
      onAssignment: () => undefined,
      onNews: () => undefined,
    });
  }

  get memberId(): string {
    return this.group.generation.memberId;
  }
  get held(): readonly string[] {
    return this.table.partitions().map(nameOf).toSorted();
  }

  async poll(): Promise<void> {
    this.group.enterPoll();
    try {
      await this.group.update();
    } catch (error) {
      const { code, message } = asKafkaError(error);
      if (message !== LISTENER_FAILS) this.#sim.count(`poll failed: ${code}`);
      if (code === 'FENCED_INSTANCE_ID') this.isFenced = true;
    } finally {
      this.group.leavePoll();
    }
    assert.deepEqual([...this.owned].toSorted(), this.held, 'the listener knows what is held');
  }

  /** As the member that it is now; refusals are noted, as `Commits` does. */
  async commit(partitions: readonly TopicPartition[]): Promise<void> {
    const { generationId, memberId } = this.group.generation;
    if (generationId < 0 || partitions.length === 0) return;
    const as = { groupId: this.#groupId, groupInstanceId: this.#instanceId };
    const offsets = partitions.map((each) => ({ ...each, offset: 1 }));
    const sender = this.#sim.connect(() => this.isCut);
    try {
      await commitGroupOffsets(sender, { ...as, generationId, memberId }, offsets, 1000);
    } catch (error) {
      this.group.noteCommit(asKafkaError(error).code, { generationId, memberId });
    }
  }

  #told(sign: '+' | '-' | '!', partitions: readonly TopicPartition[]): void {
    this.#sim.count(`told ${sign}`);
    for (const name of partitions.map(nameOf)) {
      if (sign === '+') assert.ok(!this.owned.has(name), `${name} was given twice`);
      else assert.ok(this.owned.has(name), `${name} was taken without having been given`);
      if (sign === '+') this.owned.add(name);
      else this.owned.delete(name);
    }
    if (sign === '-' && this.isFailing) {
      this.isFailing = false;
      this.#sim.count('listener failed');
      throw new Error(LISTENER_FAILS);
    }
  }
}

const LISTENER_FAILS = 'the listener fails';

type Step =
  | { readonly type: 'poll' | 'commit' | 'expel' | 'crash' | 'leave' | 'twin'; readonly at: number }
  | { readonly type: 'listener fails'; readonly at: number }
  | { readonly type: 'wait'; readonly steps: number }
  | { readonly type: 'fault'; readonly fault: CoordinatorFault }
  | { readonly type: 'partitions'; readonly count: number };

const at = fc.integer({ min: 0, max: MEMBERS - 1 });
const one = <T extends Step['type']>(type: T) => fc.record({ type: fc.constant(type), at });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: one('poll') },
  { weight: 4, arbitrary: one('commit') },
  { weight: 1, arbitrary: one('expel') },
  { weight: 1, arbitrary: one('crash') },
  { weight: 1, arbitrary: one('leave') },
  { weight: 1, arbitrary: one('twin') },
  { weight: 1, arbitrary: one('listener fails') },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('wait' as const),
      steps: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(80)),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('fault' as const),
      fault: fc.constantFrom<CoordinatorFault>(
        'request lost',
        'response lost',
        'NOT_COORDINATOR',
        'COORDINATOR_LOAD_IN_PROGRESS',
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('partitions' as const),
      count: fc.integer({ min: 1, max: 7 }),
    }),
  },
);

/** One group of one strategy. */
class Simulation {
  readonly cluster = new SimCluster();
  readonly sim = new SimGroupCoordinator(() => this.cluster.ms);
  readonly members: SimMember[] = [];
  readonly #strategy: string;
  readonly #isStatic: boolean;
  /** Members that are no more, to be ended with the run. */
  readonly #gone: SimMember[] = [];

  constructor(strategy: string, isStatic: boolean) {
    this.#strategy = strategy;
    this.#isStatic = isStatic;
    this.cluster.setPartitions(4);
    for (let place = 0; place < MEMBERS; place++) this.members.push(this.#make(place));
  }

  async take(each: Step): Promise<void> {
    const member = 'at' in each ? this.members[each.at] : undefined;
    switch (each.type) {
      case 'wait':
        return this.pass(each.steps);
      case 'fault':
        this.sim.faults.push(each.fault);
        return;
      case 'partitions':
        return this.cluster.setPartitions(each.count);
      case 'poll':
        return this.#within(member?.poll());
      case 'commit':
        return this.#within(member?.commit(member.table.partitions()));
      case 'expel':
        return this.sim.expel(member?.memberId ?? '');
      case 'listener fails':
        if (member !== undefined) member.isFailing = true;
        return;
      default:
        return this.#replace(each.type, each.at, member);
    }
  }

  /** Lets time pass, with all that happens in it, and looks at who holds what. */
  async pass(steps: number): Promise<void> {
    for (let i = 0; i < steps; i++) {
      await quiet();
      this.cluster.ms += STEP_MS;
      mock.timers.tick(STEP_MS);
      this.sim.tick();
      await quiet();
      this.#checkOwners();
    }
  }

  /** The trouble is over: everybody polls until all is in order. */
  async settle(): Promise<void> {
    this.sim.faults.length = 0;
    for (const member of this.#gone) member.isCut = true;
    for (let i = 0; i < SETTLE_STEPS; i++) {
      for (const [place, member] of this.members.entries()) {
        await this.#within(member.poll());
        // A twin that joined later has won: the process is started again, as a supervisor would.
        if (member.isFenced) await this.#replace('crash', place, member);
      }
      await this.pass(1);
      if (this.#problem() === null) return;
    }
    assert.fail(`no order: ${this.#problem()}`);
  }

  async end(): Promise<void> {
    const all = [...this.members, ...this.#gone];
    for (const member of all) member.isCut = true;
    const closing = all.map((member) => member.group.close(10).catch(onlyListener));
    await this.#within(Promise.all(closing));
  }

  /** Time goes on while something is awaited, or a back-off would never end. */
  async #within(work: Promise<unknown> | undefined): Promise<void> {
    const progress = { isDone: false };
    const done = Promise.resolve(work).finally(() => {
      progress.isDone = true;
    });
    // Its failure is for who awaits it below.
    done.catch(() => undefined);
    await quiet();
    while (!progress.isDone) await this.pass(1);
    await done;
  }

  async #replace(
    how: 'crash' | 'leave' | 'twin',
    place: number,
    member: SimMember | undefined,
  ): Promise<void> {
    if (member === undefined) return;
    this.sim.count(how);
    if (how === 'leave') await this.#within(member.group.close(100).catch(onlyListener));
    // A process that died says nothing more; one that has a twin does not know of it.
    if (how === 'crash') member.isCut = true;
    if (how !== 'leave') this.#gone.push(member);
    this.members[place] = this.#make(place);
  }

  #make(place: number): SimMember {
    return new SimMember(this.sim, this.cluster, {
      'bootstrap.servers': '127.0.0.1:1',
      'group.id': 'g',
      'session.timeout.ms': String(SESSION_MS),
      'heartbeat.interval.ms': String(HEARTBEAT_MS),
      'max.poll.interval.ms': String(POLL_MAX_MS),
      'partition.assignment.strategy': `org.apache.kafka.clients.consumer.${this.#strategy}`,
      ...(this.#isStatic ? { 'group.instance.id': `place-${place}` } : {}),
    });
  }

  /** Two that are both in the generation that counts must not hold the same. */
  #checkOwners(): void {
    if (this.sim.state !== 'Stable') return;
    const owners = new Map<string, string>();
    for (const { group, held, memberId } of [...this.members, ...this.#gone]) {
      if (group.generation.generationId !== this.sim.generation) continue;
      if (!this.sim.memberIds.includes(memberId)) continue;
      for (const name of held) {
        assert.equal(owners.get(name), undefined, `${name} is held twice`);
        owners.set(name, memberId);
      }
    }
  }

  #problem(): string | null {
    if (this.sim.state !== 'Stable') return `the group is ${this.sim.state}`;
    const wanted = this.cluster.metadata.topics.get(TOPIC)?.partitions ?? [];
    const names = wanted.map(({ partition }) => `${TOPIC}-${partition}`).toSorted();
    const held = this.members.flatMap((member) => [...member.held]).toSorted();
    if (held.join() !== names.join()) return `held: ${held.join()}; there are ${names.join()}`;
    for (const { group, memberId, held: own } of this.members) {
      if (group.generation.generationId !== this.sim.generation) return `${memberId} is behind`;
      const assigned = this.sim.assignmentOf(memberId).toSorted();
      if (assigned.join() !== own.join()) return `${memberId} holds ${own.join()}`;
    }
    return null;
  }
}

function onlyListener(error: unknown): void {
  if (asKafkaError(error).message !== LISTENER_FAILS) throw error;
}

/** Lets everything run that needs no time. */
async function quiet(): Promise<void> {
  for (let i = 0; i < 4; i++) await turn();
}

async function run(
  steps: readonly Step[],
  strategy: string,
  isStatic: boolean,
  counts: Map<string, number>,
): Promise<void> {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const simulation = new Simulation(strategy, isStatic);
    try {
      for (const each of steps) await simulation.take(each);
      await simulation.settle();
    } finally {
      await simulation.end();
    }
    for (const [what, n] of simulation.sim.counts) counts.set(what, (counts.get(what) ?? 0) + n);
  } finally {
    mock.timers.reset();
  }
}

function replayed(): fc.Parameters<unknown> {
  const [seed, path] = (process.env['SLUICE_SEED'] ?? '').split(':');
  if (seed === undefined || seed === '') return {};
  return { seed: Number(seed), ...(path === undefined ? {} : { path }) };
}

for (const strategy of ['RangeAssignor', 'StickyAssignor', 'CooperativeStickyAssignor']) {
  test(`${strategy}: the group comes to order whatever happened, and no commit is somebody else’s`, async () => {
    const counts = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 20, maxLength: 80 }),
        fc.boolean(),
        (steps, isStatic) => run(steps, strategy, isStatic, counts),
      ),
      { numRuns: 60, ...replayed() },
    );
    // A run without its faults does not count.
    if (process.env['SLUICE_SEED'] !== undefined) return;
    for (const what of [
      'request lost',
      'response lost',
      'NOT_COORDINATOR',
      'COORDINATOR_LOAD_IN_PROGRESS',
      'expelled',
      'crash',
      'leave',
      'twin',
      'fenced',
      'listener failed',
      'commit taken',
      'told +',
      'told -',
      'told !',
    ]) {
      assert.ok(
        (counts.get(what) ?? 0) > 0,
        `${what} never happened: ${JSON.stringify([...counts])}`,
      );
    }
  });
}
