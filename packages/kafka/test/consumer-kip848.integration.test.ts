// Goal: groups of the new protocol (KIP-848) work as the classic ones do for the application, with Java members too. Method:
// members that poll on their own, on Apache Kafka (the dev broker has only the classic protocol).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type KafkaCluster, skipReason, startJava, startKafka, waitUntil } from '@sluice/testing';
import { createAdmin } from '../src/admin/create-admin.ts';
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

const skip = await skipReason('kafka', 'KIP-848 groups');

const settings = (groupId: string, more: Readonly<Record<string, string>> = {}) => ({
  'group.protocol': 'consumer',
  'group.id': groupId,
  ...more,
});

async function shared(members: readonly PollingMember[], shares: readonly number[]): Promise<void> {
  await waitUntil(`the group to be shared as ${shares.join()}`, () => {
    const owned = members.flatMap((member) => member.owned);
    const sizes = members.map((member) => member.owned.length).toSorted((a, b) => a - b);
    return new Set(owned).size === owned.length && sizes.join() === shares.join();
  });
}

describe('KIP-848 groups', { skip }, () => {
  let kafka: KafkaCluster;
  let servers = '';
  before(async () => {
    kafka = await startKafka({
      properties: {
        'group.consumer.heartbeat.interval.ms': '300',
        'group.consumer.min.heartbeat.interval.ms': '100',
        'group.consumer.session.timeout.ms': '5000',
        'group.consumer.min.session.timeout.ms': '1000',
      },
    });
    servers = kafka.bootstrapServers;
  });
  after(() => kafka[Symbol.asyncDispose]());

  test('one member reads, commits and goes on from there', async () => {
    const topic = await makeTopic(servers, 'alone', 3);
    await produce(servers, topic, numbered(300));
    {
      await using consumer = testConsumer(servers, settings('alone'));
      consumer.subscribe([topic], noListener);
      assert.equal(new Set(await readValues(consumer, 300)).size, 300);
      const partitions = consumer.assignment();
      assert.equal(partitions.length, 3);
      await consumer.commit(
        await Promise.all(
          partitions.map(async (each) => ({ ...each, offset: await consumer.position(each) })),
        ),
      );
    }
    await produce(servers, topic, numbered(5, 'more'));
    await using next = testConsumer(servers, settings('alone'));
    next.subscribe([topic], noListener);
    const more = new Set(await readValues(next, 5));
    assert.deepEqual(more, new Set(numbered(5, 'more').map(({ value }) => value)));
  });

  test('group.remote.assignor is the coordinator’s choice of assignor; one it lacks is refused', async () => {
    const topic = await makeTopic(servers, 'assigned', 2);
    await using admin = createAdmin({ 'bootstrap.servers': servers }, { logger: silentLogger });
    for (const name of ['uniform', 'range']) {
      const properties = settings(`by-${name}`, { 'group.remote.assignor': name });
      await using member = new PollingMember(servers, [topic], properties);
      await shared([member], [2]);
      const [[, group] = []] = [...(await admin.groups.describe([`by-${name}`]))];
      assert.ok(group !== undefined && 'protocol' in group);
      assert.equal(group.protocol, name);
    }
    await using wrong = testConsumer(
      servers,
      settings('by-none', { 'group.remote.assignor': 'none' }),
    );
    wrong.subscribe([topic], noListener);
    await waitUntil('the refusal', async () => {
      try {
        await wrong.poll(200);
        return false;
      } catch (error) {
        assert.ok(error instanceof KafkaError);
        assert.equal(error.code, 'UNSUPPORTED_ASSIGNOR');
        return true;
      }
    });
  });

  test('only what moves is given up, nothing is lost through changes', async () => {
    const topic = await makeTopic(servers, 'shared', 6);
    await using first = new PollingMember(servers, [topic], settings('shared'));
    await shared([first], [6]);
    const producing = (async () => {
      for (let i = 0; i < 15; i++) await produce(servers, topic, numbered(100, `${i}-`));
    })();
    await using second = new PollingMember(servers, [topic], settings('shared'));
    await shared([first, second], [3, 3]);
    assert.equal(first.events.filter((event) => event.startsWith('-')).length, 3);
    {
      await using third = new PollingMember(servers, [topic], settings('shared'));
      await shared([first, second, third], [2, 2, 2]);
      await producing;
      await waitUntil('all to be read', () => {
        const all = [first, second, third].flatMap((member) => member.values);
        return new Set(all).size === 1500;
      });
    }
    await shared([first, second], [3, 3]);
    assert.ok(!first.events.some((event) => event.startsWith('!')));
    assert.deepEqual([...first.errors, ...second.errors], []);
  });

  test('a pattern finds new topics', async () => {
    await makeTopic(servers, 'seen-a');
    await using member = new PollingMember(servers, /seen-.*/, settings('seen'));
    await waitUntil('the first topic', () => member.owned.join() === 'seen-a-0');
    await makeTopic(servers, 'seen-b');
    await waitUntil('the second topic', () => member.owned.join() === 'seen-a-0,seen-b-0');
  });

  test('a member that polls too late is out, is told so, and comes back', async () => {
    const topic = await makeTopic(servers, 'late', 2);
    const properties = settings('late', { 'max.poll.interval.ms': '1500' });
    await using late = new PollingMember(servers, [topic], properties);
    await shared([late], [2]);
    late.hold();
    await using other = new PollingMember(servers, [topic], properties);
    await shared([other], [2]);
    await assert.rejects(
      late.consumer.commit([{ topic, partition: 0, offset: 0 }]),
      (error: unknown) => error instanceof KafkaError && error.code === 'COMMIT_FAILED',
    );
    late.resume();
    await shared([late, other], [1, 1]);
    assert.ok(late.events.includes(`!${topic}-0`) && late.events.includes(`!${topic}-1`));
  });

  test('a static member that comes back has what it had', async () => {
    const topic = await makeTopic(servers, 'static', 4);
    await using other = new PollingMember(
      servers,
      [topic],
      settings('static', { 'group.instance.id': 'other' }),
    );
    await shared([other], [4]);
    const me = settings('static', { 'group.instance.id': 'me' });
    const before = new PollingMember(servers, [topic], me);
    await shared([other, before], [2, 2]);
    const had = before.owned;
    const events = other.events.length;
    await before[Symbol.asyncDispose]();
    await using again = new PollingMember(servers, [topic], me);
    await shared([other, again], [2, 2]);
    assert.deepEqual(again.owned, had);
    assert.equal(other.events.length, events);
  });

  test('goes on after the broker was restarted', async () => {
    const topic = await makeTopic(servers, 'restarted', 2);
    await using member = new PollingMember(servers, [topic], settings('restarted'));
    await shared([member], [2]);
    await produce(servers, topic, numbered(10));
    await waitUntil('the first records', () => new Set(member.values).size === 10);
    await kafka.restart();
    await produce(servers, topic, numbered(10, 'w'));
    await waitUntil('the next records', () => new Set(member.values).size === 20);
    assert.equal(member.values.length, 20);
  });

  test('shares a group with a Java member', async () => {
    const topic = await makeTopic(servers, 'mixed', 4);
    await using ours = new PollingMember(servers, [topic], settings('mixed'));
    await shared([ours], [4]);
    await using java = await startJava({
      what: 'a Java consumer',
      mainClass: 'org.apache.kafka.tools.consumer.ConsoleConsumer',
      args: [
        '--bootstrap-server',
        servers,
        '--topic',
        topic,
        '--command-property',
        'group.id=mixed',
        '--command-property',
        'group.protocol=consumer',
        '--command-property',
        'auto.offset.reset=earliest',
      ],
      heapMb: 128,
    });
    await waitUntil('the group to be shared', () => ours.owned.length === 2);
    await produce(
      servers,
      topic,
      numbered(400).map((r, i) => ({ ...r, partition: i % 4 })),
    );
    const javaRead = (): string[] => java.stdout.split('\n').filter((line) => /^v\d+$/.test(line));
    await waitUntil('all to be read', () => new Set([...ours.values, ...javaRead()]).size === 400);
    assert.equal(ours.values.length, 200);
    assert.deepEqual(ours.errors, []);
  });
});
