// Goal: consumers share a group as Java's do, with each other and with Java's, whoever leads. Method: members that poll on
// their own and take notes; the checks look at who owns what, at what the listener was told and at what was read how often.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  brokersUnderTest,
  type OwnedProcess,
  type RunningBroker,
  startJava,
  waitUntil,
} from '@sluice/testing';
import { createConsumer } from '../src/consumer/create-consumer.ts';
import { KafkaError } from '../src/errors/kafka-error.ts';
import { silentLogger } from '../src/logger.ts';
import {
  makeTopic,
  noListener,
  numbered,
  PollingMember,
  produce,
  readValues,
  testConsumer,
} from './consuming.ts';

/** A Java process takes its time to start where many work. */
const PATIENT = { timeoutMs: 120_000 } as const;
const JAVA_ASSIGNORS = 'org.apache.kafka.clients.consumer';
const assignor = (name: string): Record<string, string> => ({
  'partition.assignment.strategy': `${JAVA_ASSIGNORS}.${name}`,
});

const namesOf = (topic: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${topic}-${i}`);

/** Settles when these members own all partitions of the topic, each as many as said, and none twice. */
async function settled(
  topic: string,
  partitions: number,
  members: readonly PollingMember[],
  shares: readonly number[],
): Promise<void> {
  await waitUntil(`the group to share ${topic} as ${shares.join(' and ')}`, () => {
    const all = members.flatMap((member) => member.owned).toSorted();
    const sizes = members.map((member) => member.owned.length).toSorted((a, b) => a - b);
    return (
      all.join() === namesOf(topic, partitions).toSorted().join() &&
      sizes.join() === shares.toSorted((a, b) => a - b).join()
    );
  });
}

for (const kind of brokersUnderTest()) {
  const skip = await kind.skipReason('consumer groups');
  describe(`consumer groups on ${kind.title}`, { skip }, () => {
    let broker: RunningBroker;
    let servers = '';
    before(async () => {
      broker = await kind.start();
      servers = broker.bootstrapServers;
    });
    after(() => broker[Symbol.asyncDispose]());

    test('range: a second member takes its part, everybody gives up all, and one that leaves gives it back', async () => {
      const topic = await makeTopic(servers, 'range', 6);
      const properties = { 'group.id': 'range', ...assignor('RangeAssignor') };
      await using first = new PollingMember(servers, [topic], properties);
      await settled(topic, 6, [first], [6]);
      {
        await using second = new PollingMember(servers, [topic], properties);
        await settled(topic, 6, [first, second], [3, 3]);
        assert.equal(first.events.filter((event) => event.startsWith('-')).length, 6);
        await produce(
          servers,
          topic,
          numbered(60).map((r, i) => ({ ...r, partition: i % 6 })),
        );
        await waitUntil('all to be read', () => first.seen.length + second.seen.length === 60);
        assert.equal(new Set([...first.seen, ...second.seen]).size, 60);
      }
      await settled(topic, 6, [first], [6]);
      assert.deepEqual([...first.errors], []);
    });

    // kafka-wire 1.3 and 7.2: JoinGroup waits for the others, and has a time-out of its own.
    test('a join that the others hold up longer than request.timeout.ms is waited for', async () => {
      const topic = await makeTopic(servers, 'slow-join', 2);
      const properties = { 'group.id': 'slow-join', ...assignor('RangeAssignor') };
      const slow = { revokeDelayMs: 2500 };
      await using first = new PollingMember(servers, [topic], properties, slow);
      await settled(topic, 2, [first], [2]);
      const said: string[] = [];
      const logger = { ...silentLogger, debug: (message: string) => said.push(message) };
      await using second = createConsumer(
        {
          'bootstrap.servers': servers,
          'request.timeout.ms': '1000',
          'enable.auto.commit': 'false',
          ...properties,
        },
        { logger },
      );
      second.subscribe([topic], noListener);
      await waitUntil(
        'the second member to have its part',
        async () => {
          await second.poll(200);
          return second.assignment().length === 1;
        },
        { timeoutMs: 60_000 },
      );
      assert.deepEqual(
        said.filter((message) => /JoinGroup.*no answer/.test(message)),
        [],
      );
    });

    test('cooperative-sticky: only what moves is given up', async () => {
      const topic = await makeTopic(servers, 'coop', 6);
      const properties = { 'group.id': 'coop', ...assignor('CooperativeStickyAssignor') };
      await using first = new PollingMember(servers, [topic], properties);
      await settled(topic, 6, [first], [6]);
      await using second = new PollingMember(servers, [topic], properties);
      await settled(topic, 6, [first, second], [3, 3]);
      const givenUp = first.events.filter((event) => event.startsWith('-'));
      assert.deepEqual(givenUp.map((event) => event.slice(1)).toSorted(), second.owned);
      assert.equal(first.events.filter((event) => event.startsWith('+')).length, 6);
      {
        await using third = new PollingMember(servers, [topic], properties);
        await settled(topic, 6, [first, second, third], [2, 2, 2]);
      }
      await settled(topic, 6, [first, second], [3, 3]);
      assert.deepEqual([...first.errors, ...second.errors], []);
    });

    for (const name of [
      'RangeAssignor',
      'RoundRobinAssignor',
      'StickyAssignor',
      'CooperativeStickyAssignor',
    ]) {
      // kafka-wire 1.7 row #223
      test(`${name}: records produced all through rebalances are read, none is lost`, async () => {
        const topic = await makeTopic(servers, `through-${name}`, 4);
        const properties = { 'group.id': `through-${name}`, ...assignor(name) };
        await using first = new PollingMember(servers, [topic], properties);
        await settled(topic, 4, [first], [4]);
        const total = 2000;
        const producing = (async () => {
          for (let i = 0; i < 20; i++) {
            const part = numbered(total).slice(i * 100, (i + 1) * 100);
            await produce(
              servers,
              topic,
              part.map((r, n) => ({ ...r, partition: n % 4 })),
            );
          }
        })();
        await using second = new PollingMember(servers, [topic], properties);
        await settled(topic, 4, [first, second], [2, 2]);
        await producing;
        await waitUntil('all to be read', () => {
          const seen = new Set([...first.values, ...second.values]);
          return seen.size === total;
        });
        for (const member of [first, second]) {
          assert.deepEqual(member.errors.filter(isNotRebalance), []);
        }
      });
    }

    test('a pattern finds new topics, and not Kafka’s own', async () => {
      const properties = { 'group.id': 'pattern' };
      await makeTopic(servers, 'pattern-a');
      await using member = new PollingMember(servers, /pattern-.*|__consumer.*/g, properties);
      await waitUntil('the first topic', () => member.owned.join() === 'pattern-a-0');
      await makeTopic(servers, 'pattern-b');
      await makeTopic(servers, 'not-pattern-c');
      await waitUntil('the second topic', () => member.owned.join() === 'pattern-a-0,pattern-b-0');
    });

    test('a member that polls too late is out, is told so, and comes back', async () => {
      const topic = await makeTopic(servers, 'late', 2);
      const properties = { 'group.id': 'late', 'max.poll.interval.ms': '1000' };
      await using late = new PollingMember(servers, [topic], properties);
      await settled(topic, 2, [late], [2]);
      late.hold();
      await using other = new PollingMember(servers, [topic], properties);
      await settled(topic, 2, [other], [2]);
      await assert.rejects(
        late.consumer.commit([{ topic, partition: 0, offset: 0 }]),
        (error: unknown) => error instanceof KafkaError && error.code === 'COMMIT_FAILED',
      );
      late.resume();
      await settled(topic, 2, [late, other], [1, 1]);
      assert.ok(late.events.includes(`!${topic}-0`) && late.events.includes(`!${topic}-1`));
      assert.ok(!late.events.some((event) => event.startsWith('-')));
    });

    test('heartbeats go on while the application takes its time', async () => {
      const topic = await makeTopic(servers, 'slow', 2);
      const properties = { 'group.id': 'slow', 'session.timeout.ms': '6000' };
      await using slow = new PollingMember(servers, [topic], properties);
      await settled(topic, 2, [slow], [2]);
      slow.hold();
      await new Promise((resolve) => setTimeout(resolve, 8000));
      slow.resume();
      await slow.consumer.commit([{ topic, partition: 0, offset: 0 }]);
      assert.deepEqual(slow.events, [`+${topic}-0`, `+${topic}-1`]);
    });

    // kafka-wire 1.6 row "Static membership"
    test('a static member comes back to what it had, without a rebalance for the others', async () => {
      const topic = await makeTopic(servers, 'static', 4);
      const properties = { 'group.id': 'static', 'session.timeout.ms': '10000' };
      await using other = new PollingMember(servers, [topic], {
        ...properties,
        'group.instance.id': 'other',
      });
      await settled(topic, 4, [other], [4]);
      const before = new PollingMember(servers, [topic], {
        ...properties,
        'group.instance.id': 'me',
      });
      await settled(topic, 4, [other, before], [2, 2]);
      const had = [...before.owned];
      const eventsBefore = other.events.length;
      await before[Symbol.asyncDispose]();
      await using again = new PollingMember(servers, [topic], {
        ...properties,
        'group.instance.id': 'me',
      });
      await settled(topic, 4, [other, again], [2, 2]);
      assert.deepEqual([...again.owned], had);
      assert.equal(other.events.length, eventsBefore);
    });

    test('a second process with the same instance id fences the first', async () => {
      const topic = await makeTopic(servers, 'fenced');
      const properties = { 'group.id': 'fenced', 'group.instance.id': 'me' };
      await using first = new PollingMember(servers, [topic], properties);
      await settled(topic, 1, [first], [1]);
      await using second = new PollingMember(servers, [topic], properties);
      await waitUntil('the first to be fenced', () =>
        first.errors.some(
          (error) => error instanceof KafkaError && error.code === 'FENCED_INSTANCE_ID',
        ),
      );
      await settled(topic, 1, [second], [1]);
      assert.deepEqual(first.owned, []);
    });

    test('commits inside the revocation are accepted, and the next owner goes on from them', async () => {
      const topic = await makeTopic(servers, 'handover', 2);
      await produce(
        servers,
        topic,
        numbered(20).map((r, i) => ({ ...r, partition: i % 2 })),
      );
      const properties = { 'group.id': 'handover', ...assignor('RangeAssignor') };
      const revoked: string[] = [];
      await using first = testConsumer(servers, properties);
      first.subscribe([topic], {
        ...noListener,
        onPartitionsRevoked: async (partitions) => {
          const offsets = await Promise.all(
            partitions.map(async (each) => ({ ...each, offset: await first.position(each) })),
          );
          await first.commit(offsets);
          revoked.push(...offsets.map(({ partition, offset }) => `${partition}@${offset}`));
        },
      });
      assert.equal((await readValues(first, 20)).length, 20);
      await using second = new PollingMember(servers, [topic], properties);
      await waitUntil('the handover', async () => {
        await first.poll(50);
        return second.owned.length === 1 && first.assignment().length === 1;
      });
      assert.deepEqual(revoked.slice(0, 2), ['0@10', '1@10']);
      await produce(
        servers,
        topic,
        numbered(2, 'n').map((r, i) => ({ ...r, partition: i })),
      );
      await waitUntil('the new record', () => second.values.length > 0);
      assert.deepEqual(second.values, [`n${second.owned[0]?.at(-1)}`]);
    });
  });
}

function isNotRebalance(error: Error): boolean {
  return !(
    error instanceof KafkaError &&
    (error.code === 'REBALANCE_IN_PROGRESS' || error.code === 'COMMIT_FAILED')
  );
}

const kafka = brokersUnderTest().find(({ kind }) => kind === 'kafka');
if (kafka !== undefined) {
  const skip = await kafka.skipReason('groups shared with Java');
  describe('consumer groups shared with Java', { skip }, () => {
    let broker: RunningBroker;
    let servers = '';
    before(async () => {
      broker = await kafka.start();
      servers = broker.bootstrapServers;
    });
    after(() => broker[Symbol.asyncDispose]());

    const startJavaConsumer = (topic: string, properties: Record<string, string>) =>
      startJava({
        what: 'a Java consumer',
        mainClass: 'org.apache.kafka.tools.consumer.ConsoleConsumer',
        args: [
          '--bootstrap-server',
          servers,
          '--topic',
          topic,
          ...Object.entries(properties).flatMap(([key, value]) => [
            '--command-property',
            `${key}=${value}`,
          ]),
        ],
        heapMb: 128,
      });

    for (const name of [
      'RangeAssignor',
      'RoundRobinAssignor',
      'StickyAssignor',
      'CooperativeStickyAssignor',
    ]) {
      for (const leader of ['Java', 'Sluice']) {
        test(`${name}, ${leader} leads: all is read, each record by one of them`, async () => {
          const topic = await makeTopic(servers, `mixed-${name}-${leader}`, 4);
          const properties = {
            'group.id': topic,
            'auto.offset.reset': 'earliest',
            'heartbeat.interval.ms': '200',
            ...assignor(name),
          };
          let java: OwnedProcess | null = null;
          let ours: PollingMember | null = null;
          try {
            if (leader === 'Java') {
              java = await startJavaConsumer(topic, properties);
              await produce(servers, topic, [{ value: 'first', partition: 0 }]);
              await waitUntil('Java to read', () => java?.stdout.includes('first'), PATIENT);
              ours = new PollingMember(servers, [topic], properties);
            } else {
              ours = new PollingMember(servers, [topic], properties);
              await settled(topic, 4, [ours], [4]);
              java = await startJavaConsumer(topic, properties);
            }
            const member = ours;
            const process = java;
            await waitUntil('the group to be shared', () => member.owned.length === 2, PATIENT);
            const records = numbered(400).map((r, i) => ({ ...r, partition: i % 4 }));
            await produce(servers, topic, records);
            const javaRead = (): string[] =>
              process.stdout.split('\n').filter((line) => /^v\d+$/.test(line));
            await waitUntil(
              'all records to be read',
              () => new Set([...member.values, ...javaRead()]).size >= 400,
              {
                ...PATIENT,
                onTimeout: () => `ours ${member.values.length}, Java ${javaRead().length}`,
              },
            );
            assert.equal(member.values.filter((value) => value !== 'first').length, 200);
            assert.equal(javaRead().length, 200);
            assert.deepEqual(member.errors.filter(isNotRebalance), []);
          } finally {
            await ours?.[Symbol.asyncDispose]();
            await java?.[Symbol.asyncDispose]();
          }
        });
      }
    }
  });
}
