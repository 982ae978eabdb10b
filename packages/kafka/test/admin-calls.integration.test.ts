// Goal: every admin call that Connect, MirrorMaker and the offsets API make, with an outcome per item, on the real thing.
// Method: one broker of each kind (Apache Kafka with its own authorizer); each change is seen by another call, or by
// what it does to a client.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  type RunningBroker,
  skipReason,
  startDevBrokerForTest,
  startKafka,
  waitUntil,
} from '@sluice/testing';
import type { Outcome } from '../src/admin/admin-calls.ts';
import type { Admin } from '../src/admin/admin.ts';
import { createAdmin } from '../src/admin/create-admin.ts';
import { KafkaError } from '../src/errors/kafka-error.ts';
import { silentLogger } from '../src/logger.ts';
import {
  makeTopic,
  noListener,
  numbered,
  PollingMember,
  produce,
  testConsumer,
} from './consuming.ts';
import { TransactionalWriter } from './transactional-writer.ts';

const BROKERS = [
  {
    title: 'Apache Kafka 4.3.1',
    isKafka: true,
    skip: await skipReason('kafka', 'admin calls'),
    start: (): Promise<RunningBroker> =>
      startKafka({
        properties: {
          'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
          'allow.everyone.if.no.acl.found': 'true',
          'super.users': 'User:ANONYMOUS',
        },
      }),
  },
  {
    title: 'the dev broker',
    isKafka: false,
    skip: false,
    start: (): Promise<RunningBroker> => startDevBrokerForTest(),
  },
] as const;

const WAIT = { timeoutMs: 60_000 } as const;

/** The value, or the test fails with the item's error. */
function good<T>(outcome: Outcome<T> | undefined): T {
  if (outcome instanceof KafkaError) throw outcome;
  assert.ok(outcome !== undefined, 'the item has no outcome');
  return outcome;
}

function codeOf(outcome: unknown): string {
  return outcome instanceof KafkaError ? outcome.code : 'NONE';
}

const newTopic = (name: string, partitions = 1): Parameters<Admin['createTopics']>[0][number] => ({
  name,
  partitions,
  replicationFactor: 1,
  configs: {},
});

for (const { title, isKafka, skip, start } of BROKERS) {
  describe(`admin calls on ${title}`, { skip }, () => {
    let broker: RunningBroker;
    let admin: Admin;
    before(async () => {
      broker = await start();
      const properties = {
        'bootstrap.servers': broker.bootstrapServers,
        // The broker's answers about coordinators need their topics first.
        'default.api.timeout.ms': '60000',
      };
      admin = createAdmin(properties, { logger: silentLogger });
    });
    after(async () => {
      await admin.close();
      await broker[Symbol.asyncDispose]();
    });

    test('topics: each has its own outcome, and one that is wrong spoils no other', async () => {
      const topics = [newTopic('t1', 2), newTopic('not a name'), newTopic('t2')];
      const dry = await admin.topics.create(topics, { isValidateOnly: true });
      assert.deepEqual([...dry.values()].map(codeOf), ['NONE', 'INVALID_TOPIC_EXCEPTION', 'NONE']);
      const created = await admin.topics.create(topics);
      assert.equal(good(created.get('t1')).partitions, 2);
      assert.match(good(created.get('t2')).topicId, /^[\w-]{22}$/);
      assert.equal(codeOf(created.get('not a name')), 'INVALID_TOPIC_EXCEPTION');
      const again = await admin.topics.create([newTopic('t1'), newTopic('t3')]);
      assert.equal(codeOf(again.get('t1')), 'TOPIC_ALREADY_EXISTS');
      assert.equal(codeOf(again.get('t3')), 'NONE');
      const described = await admin.topics.describe(['t1', 'nowhere']);
      assert.equal(good(described.get('t1')).partitions.length, 2);
      assert.equal(codeOf(described.get('nowhere')), 'UNKNOWN_TOPIC_OR_PARTITION');
      const grown = await admin.topics.createPartitions(
        new Map([
          ['t1', 4],
          ['t2', 1],
        ]),
      );
      assert.equal(codeOf(grown.get('t1')), 'NONE');
      assert.equal(codeOf(grown.get('t2')), 'INVALID_PARTITIONS');
      const deleted = await admin.topics.delete(['t3', 'nowhere']);
      assert.equal(codeOf(deleted.get('t3')), 'NONE');
      assert.equal(codeOf(deleted.get('nowhere')), 'UNKNOWN_TOPIC_OR_PARTITION');
      await waitUntil(
        't3 to be gone',
        async () => !(await admin.listTopics()).includes('t3'),
        WAIT,
      );
    });

    test('configs: of topics and brokers, with where they come from; set, append, delete', async () => {
      await makeTopic(broker.bootstrapServers, 'configured');
      const topic = { type: 'TOPIC', name: 'configured' } as const;
      const none = { type: 'TOPIC', name: 'nowhere' } as const;
      await waitUntil(
        'the topic to be seen',
        async () => codeOf((await admin.configs.describe([topic])).get(topic)) === 'NONE',
        WAIT,
      );
      const broken = await admin.configs.describe([topic, none]);
      assert.equal(codeOf(broken.get(none)), 'UNKNOWN_TOPIC_OR_PARTITION');
      assert.equal(codeOf(broken.get(topic)), 'NONE');
      const change = async (
        name: string,
        operation: 'SET' | 'APPEND' | 'DELETE',
        value: string | null,
      ): Promise<string> =>
        codeOf(
          (
            await admin.configs.incrementalAlter(new Map([[topic, [{ name, operation, value }]]]))
          ).get(topic),
        );
      const sees = (name: string, value: string | null, source: string): Promise<unknown> =>
        waitUntil(
          `${name} to be ${value}`,
          async () => {
            const found = good((await admin.configs.describe([topic])).get(topic)).find(
              (each) => each.name === name,
            );
            return found?.value === value && found.source === source;
          },
          WAIT,
        );
      assert.equal(await change('cleanup.policy', 'SET', 'compact'), 'NONE');
      await sees('cleanup.policy', 'compact', 'DYNAMIC_TOPIC_CONFIG');
      assert.equal(await change('cleanup.policy', 'APPEND', 'delete'), 'NONE');
      await sees('cleanup.policy', 'compact,delete', 'DYNAMIC_TOPIC_CONFIG');
      assert.equal(await change('cleanup.policy', 'DELETE', null), 'NONE');
      await sees('cleanup.policy', 'delete', 'DEFAULT_CONFIG');
      assert.equal(await change('retention.ms', 'SET', 'soon'), 'INVALID_CONFIG');
      const [node] = (await admin.describeCluster()).nodes;
      const own = { type: 'BROKER', name: String(node?.id) } as const;
      const entries = good((await admin.configs.describe([own])).get(own));
      assert.ok(entries.some(({ name }) => name === 'auto.create.topics.enable'));
    });

    test('groups: listed and described with members and parts, by protocol type and state', async () => {
      const servers = broker.bootstrapServers;
      const topic = await makeTopic(servers, 'grouped', 2);
      {
        await using member = new PollingMember(servers, [topic], {
          'group.id': 'described',
          'client.id': 'me',
          'group.instance.id': 'one',
        });
        await waitUntil('the member to have all', () => member.owned.length === 2, WAIT);
        const group = good((await admin.groups.describe(['described'])).get('described'));
        assert.equal(group.type, 'classic');
        assert.equal(group.protocolType, 'consumer');
        assert.equal(group.state, 'Stable');
        assert.equal(group.protocol, 'range');
        assert.equal(group.members.length, 1);
        const [described] = group.members;
        assert.equal(described?.clientId, 'me');
        assert.equal(described?.groupInstanceId, 'one');
        assert.equal(described?.assignment.length, 2);
        const listed = await admin.groups.list({ protocolTypes: ['consumer'], states: ['Stable'] });
        assert.ok(listed.some(({ groupId }) => groupId === 'described'));
        assert.deepEqual(await admin.groups.list({ protocolTypes: ['connect'] }), []);
        const full = await admin.groups.delete(['described', 'nowhere']);
        assert.equal(codeOf(full.get('described')), 'NON_EMPTY_GROUP');
        assert.equal(codeOf(full.get('nowhere')), 'GROUP_ID_NOT_FOUND');
      }
      assert.equal(codeOf((await admin.groups.describe(['no'])).get('no')), 'GROUP_ID_NOT_FOUND');
    });

    test('members: a static one that is gone is removed at once, a stranger is told apart', async () => {
      const servers = broker.bootstrapServers;
      const topic = await makeTopic(servers, 'removed');
      const properties = { 'group.id': 'removing', 'group.instance.id': 'stays' };
      const member = new PollingMember(servers, [topic], properties);
      await waitUntil('the member to have all', () => member.owned.length === 1, WAIT);
      await member[Symbol.asyncDispose]();
      const members = async (): Promise<number> =>
        good((await admin.groups.describe(['removing'])).get('removing')).members.length;
      // Static members do not leave by themselves (kafka-wire 1.6 row "Static membership").
      assert.equal(await members(), 1);
      const stranger = { groupInstanceId: 'nobody' };
      const refused = await admin.groups.removeMembers('removing', [stranger]);
      assert.equal(codeOf(refused.get(stranger)), 'UNKNOWN_MEMBER_ID');
      const removed = await admin.groups.removeMembers('removing', 'all');
      assert.deepEqual([...removed.values()].map(codeOf), ['NONE']);
      assert.equal(await members(), 0);
      assert.equal((await admin.groups.removeMembers('removing', 'all')).size, 0);
    });

    test('offsets: altered and deleted one by one, refused while a member is there', async () => {
      const servers = broker.bootstrapServers;
      const topic = await makeTopic(servers, 'offset-admin', 3);
      const at = (partition: number, offset: number) => ({ topic, partition, offset });
      const first = { ...at(0, 7), metadata: 'by hand', leaderEpoch: 0 };
      const altered = await admin.groupOffsets.alter('altered', [first, at(1, 9)]);
      assert.deepEqual([...altered.values()].map(codeOf), ['NONE', 'NONE']);
      const listed = await admin.groupOffsets.list('altered', {
        partitions: [at(0, 0), at(2, 0)],
      });
      assert.deepEqual(
        listed.map(({ partition, offset, metadata, leaderEpoch }) => [
          partition,
          offset,
          metadata,
          leaderEpoch,
        ]),
        [[0, 7, 'by hand', 0]],
      );
      assert.equal(await admin.groupOffsets.list('altered').then((all) => all.length), 2);
      await using member = new PollingMember(servers, [topic], { 'group.id': 'altered' });
      await waitUntil('the member to have all', () => member.owned.length === 3, WAIT);
      const busy = at(0, 1);
      assert.equal(
        codeOf((await admin.groupOffsets.alter('altered', [busy])).get(busy)),
        'UNKNOWN_MEMBER_ID',
      );
      assert.equal(
        codeOf((await admin.groupOffsets.delete('altered', [busy])).get(busy)),
        'GROUP_SUBSCRIBED_TO_TOPIC',
      );
      await member[Symbol.asyncDispose]();
      const gone = at(0, 0);
      const deleted = await admin.groupOffsets.delete('altered', [gone]);
      assert.equal(codeOf(deleted.get(gone)), 'NONE');
      const left = await admin.groupOffsets.list('altered');
      assert.deepEqual(
        left.map(({ partition }) => partition),
        [1],
      );
    });

    test('partitions: offsets by every spec that applies, records deleted before one', async () => {
      const servers = broker.bootstrapServers;
      const topic = await makeTopic(servers, 'specs', 2, {
        'message.timestamp.type': 'CreateTime',
      });
      const now = Date.now();
      const records = [1000, 3000, 2000].map((age) => ({
        value: `${age}`,
        partition: 0,
        timestamp: now - age,
      }));
      for (const record of records) await produce(servers, topic, [record]);
      const ask = (spec: Parameters<Admin['partitions']['listOffsets']>[0][number]['spec']) => ({
        topic,
        partition: 0,
        spec,
      });
      const asked = [
        ask('earliest'),
        ask('latest'),
        ask('max-timestamp'),
        ask(now - 2500),
        ask(now + 1),
      ];
      const found = await admin.partitions.listOffsets(asked.slice(0, 1));
      assert.equal(good(found.get(asked[0] ?? ask('latest'))).offset, 0);
      const each = await Promise.all(
        asked.map(async (question) =>
          good((await admin.partitions.listOffsets([question])).get(question)),
        ),
      );
      assert.deepEqual(
        each.map(({ offset }) => offset),
        [0, 3, 0, 0, -1],
      );
      assert.equal(each[2]?.timestamp, now - 1000);
      const cut = { topic, partition: 0, offset: 2 };
      const beyond = { topic, partition: 1, offset: 5 };
      const deleted = await admin.partitions.deleteRecords([cut, beyond]);
      assert.equal(good(deleted.get(cut)), 2);
      assert.equal(codeOf(deleted.get(beyond)), 'OFFSET_OUT_OF_RANGE');
      const question = ask('earliest');
      assert.equal(good((await admin.partitions.listOffsets([question])).get(question)).offset, 2);
    });

    test('transactions: producers described, listed and fenced, also one that never was', async () => {
      const servers = broker.bootstrapServers;
      const topic = await makeTopic(servers, 'fenced');
      using writer = await TransactionalWriter.start(servers, 'connect-cluster-c-0', topic);
      await writer.write(['open']);
      const partition = { topic, partition: 0 };
      const [producer] = good(
        (await admin.partitions.describeProducers([partition])).get(partition),
      );
      assert.equal(producer?.currentTransactionStartOffset, 0);
      const open = good(
        (await admin.transactions.describe(['connect-cluster-c-0'])).get('connect-cluster-c-0'),
      );
      assert.equal(open.state, 'Ongoing');
      assert.deepEqual(open.partitions, [partition]);
      assert.equal(open.producerId, producer.producerId);
      assert.ok((open.startTimeMs ?? 0) > 0);
      const listed = await admin.transactions.list({ states: ['Ongoing'] });
      assert.ok(listed.some(({ transactionalId }) => transactionalId === 'connect-cluster-c-0'));
      const fenced = await admin.transactions.fenceProducers([
        'connect-cluster-c-0',
        'connect-cluster-c-1',
      ]);
      assert.ok(good(fenced.get('connect-cluster-c-0')).producerEpoch > open.producerEpoch);
      assert.equal(codeOf(fenced.get('connect-cluster-c-1')), 'NONE');
      // The zombie can't write, and what it had begun is aborted: a reader of committed records sees nothing.
      await assert.rejects(writer.write(['zombie']), (error: unknown) => {
        assert.ok(error instanceof KafkaError);
        assert.match(error.code, /^(INVALID_PRODUCER_EPOCH|PRODUCER_FENCED)$/);
        return true;
      });
      await produce(servers, topic, numbered(1, 'after'));
      await using reader = testConsumer(servers, { 'isolation.level': 'read_committed' });
      reader.assign([partition]);
      const values: (string | null)[] = [];
      await waitUntil(
        'the record after the abort',
        async () => {
          for (const columns of await reader.poll(200)) {
            for (let i = 0; i < columns.count; i++) values.push(columns.value(i)?.toString() ?? '');
          }
          return values.length > 0;
        },
        WAIT,
      );
      assert.deepEqual(values, ['after0']);
      const unknown = await admin.transactions.describe(['nobody']);
      assert.equal(codeOf(unknown.get('nobody')), 'TRANSACTIONAL_ID_NOT_FOUND');
    });

    test('access rules: made, found by filters, deleted; or said to be switched off', async () => {
      const rule = {
        resourceType: 'TOPIC',
        resourceName: 'secret-',
        patternType: 'PREFIXED',
        principal: 'User:alice',
        host: '*',
        operation: 'READ',
        permission: 'ALLOW',
      } as const;
      if (!isKafka) {
        await assert.rejects(
          admin.acls.describe(),
          (error: unknown) => error instanceof KafkaError && error.code === 'SECURITY_DISABLED',
        );
        return;
      }
      const bad = { ...rule, resourceName: '' };
      const created = await admin.acls.create([rule, bad]);
      assert.equal(codeOf(created.get(rule)), 'NONE');
      assert.equal(codeOf(created.get(bad)), 'INVALID_REQUEST');
      await waitUntil(
        'the rule to be seen',
        async () => (await admin.acls.describe({ principal: 'User:alice' })).length === 1,
        WAIT,
      );
      assert.deepEqual(await admin.acls.describe({ resourceType: 'TOPIC' }), [rule]);
      const matching = { resourceName: 'secret-1', patternType: 'MATCH' } as const;
      assert.deepEqual(await admin.acls.describe(matching), [rule]);
      assert.deepEqual(await admin.acls.describe({ operation: 'WRITE' }), []);
      const filter = { principal: 'User:alice' };
      assert.deepEqual(good((await admin.acls.delete([filter])).get(filter)), [rule]);
      await waitUntil(
        'the rule to be gone',
        async () => (await admin.acls.describe()).length === 0,
        WAIT,
      );
    });

    test('features: what is finalized and supported, and an update that can’t be', async () => {
      const { finalized, supported } = await admin.features.describe();
      if (!isKafka) return;
      assert.ok((finalized.get('transaction.version')?.max ?? 0) >= 2);
      assert.ok(supported.has('metadata.version'));
      const update = { maxVersionLevel: 9999, type: 'upgrade' } as const;
      const refused = await admin.features.update(new Map([['metadata.version', update]]), {
        isValidateOnly: true,
      });
      assert.equal(codeOf(refused.get('metadata.version')), 'INVALID_UPDATE_VERSION');
    });

    test('users: a password is set, seen by its mechanism, and taken away', {
      skip: !isKafka,
    }, async () => {
      const upsert = {
        type: 'upsert',
        user: 'bob',
        mechanism: 'SCRAM-SHA-512',
        password: 'builder',
      } as const;
      const weak = { ...upsert, user: 'weak', iterations: 1 };
      const altered = await admin.users.alterScram([upsert, weak]);
      assert.equal(codeOf(altered.get('bob')), 'NONE');
      assert.equal(codeOf(altered.get('weak')), 'UNACCEPTABLE_CREDENTIAL');
      await waitUntil(
        'the user to be seen',
        async () => codeOf((await admin.users.describeScram(['bob'])).get('bob')) === 'NONE',
        WAIT,
      );
      assert.deepEqual(good((await admin.users.describeScram()).get('bob')), [
        { mechanism: 'SCRAM-SHA-512', iterations: 4096 },
      ]);
      const taken = { type: 'delete', user: 'bob', mechanism: 'SCRAM-SHA-512' } as const;
      assert.equal(codeOf((await admin.users.alterScram([taken])).get('bob')), 'NONE');
      await waitUntil(
        'the user to be gone',
        async () =>
          codeOf((await admin.users.describeScram(['bob'])).get('bob')) === 'RESOURCE_NOT_FOUND',
        WAIT,
      );
    });

    test('groups of the new protocol are described too', { skip: !isKafka }, async () => {
      const servers = broker.bootstrapServers;
      const topic = await makeTopic(servers, 'new-protocol', 2);
      await using consumer = testConsumer(servers, {
        'group.id': 'newer',
        'group.protocol': 'consumer',
      });
      consumer.subscribe([topic], noListener);
      await waitUntil(
        'the consumer to have all',
        async () => {
          await consumer.poll(100);
          return consumer.assignment().length === 2;
        },
        WAIT,
      );
      const group = good((await admin.groups.describe(['newer'])).get('newer'));
      assert.equal(group.type, 'consumer');
      assert.equal(group.protocol, 'uniform');
      assert.ok((group.epoch ?? 0) > 0);
      assert.equal(group.members.length, 1);
      assert.equal(group.members[0]?.assignment.length, 2);
      const listed = await admin.groups.list({ types: ['consumer'] });
      assert.deepEqual(
        listed.map(({ groupId, type }) => [groupId, type.toLowerCase()]),
        [['newer', 'consumer']],
      );
    });
  });
}
