// Goal: workers with metadata of their own find each other in a group of type "connect". Method: members whose metadata is
// a name and whose assignment is the list of all names, on each kind of broker.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { brokersUnderTest, type RunningBroker, waitUntil } from '@sluice/testing';
import type { GroupProtocol, JoinedGroup } from '../src/group/group-membership.ts';
import { WorkerGroup } from '../src/group/worker-group.ts';
import { silentLogger } from '../src/logger.ts';

class Worker implements AsyncDisposable {
  readonly joins: JoinedGroup[] = [];
  readonly rejoins: boolean[] = [];
  readonly errors: unknown[] = [];
  readonly group: WorkerGroup;
  readonly #loop: Promise<void>;
  #isEnding = false;
  isHolding = false;

  constructor(servers: string, name: string, subprotocols: readonly string[]) {
    const protocol: GroupProtocol = {
      type: 'connect',
      protocols: () =>
        subprotocols.map((each) => ({ name: each, metadata: Buffer.from(`${each}:${name}`) })),
      assign: (protocolName, leaderId, members) => {
        const all = members.map(({ metadata }) => metadata.toString()).toSorted();
        const text = `${protocolName} led by ${leaderId}: ${all.join()}`;
        return new Map(members.map(({ memberId }) => [memberId, Buffer.from(text)]));
      },
    };
    this.group = new WorkerGroup(
      { 'bootstrap.servers': servers, 'client.id': name },
      {
        groupId: 'workers',
        sessionTimeoutMs: 6000,
        rebalanceTimeoutMs: 2000,
        heartbeatIntervalMs: 200,
        protocol,
        listener: {
          onRejoin: (isLost) => {
            this.rejoins.push(isLost);
          },
          onJoined: (joined) => {
            this.joins.push(joined);
          },
        },
        logger: silentLogger,
      },
    );
    this.#loop = this.#run();
  }

  get assignment(): string {
    return (
      this.joins
        .at(-1)
        ?.assignment.toString()
        .replace(/^(\w+) led by .*: /, '$1 ') ?? ''
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    this.group.wakeup();
    await this.#loop;
    await this.group.close();
  }

  async #run(): Promise<void> {
    while (!this.#isEnding) {
      if (this.isHolding) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        continue;
      }
      await this.group.poll(1000).catch((error: unknown) => this.errors.push(error));
    }
  }
}

for (const kind of brokersUnderTest()) {
  const skip = await kind.skipReason('worker groups');
  describe(`worker groups on ${kind.title}`, { skip }, () => {
    let broker: RunningBroker;
    before(async () => {
      broker = await kind.start();
    });
    after(() => broker[Symbol.asyncDispose]());

    test('members come and go, the subprotocol is one that all know, one that hangs is put out and comes back', async () => {
      const servers = broker.bootstrapServers;
      await using one = new Worker(servers, 'one', ['sessioned', 'compatible']);
      await waitUntil('one alone', () => one.assignment === 'sessioned sessioned:one');
      assert.ok(one.joins.at(-1)?.isLeader);
      {
        await using two = new Worker(servers, 'two', ['compatible', 'default']);
        const both = 'compatible compatible:one,compatible:two';
        await waitUntil('both', () => one.assignment === both && two.assignment === both);
        assert.equal(one.joins.at(-1)?.generationId, two.joins.at(-1)?.generationId);
        assert.equal(one.group.generation.generationId, one.joins.at(-1)?.generationId);

        one.group.requestRejoin('a test');
        const before = one.joins.length;
        await waitUntil('another generation', () => one.joins.length > before);
        await waitUntil('both again', () => one.assignment === both && two.assignment === both);

        two.isHolding = true;
        two.group.wakeup();
        await waitUntil('one without two', () => one.assignment === 'sessioned sessioned:one');
        two.isHolding = false;
        await waitUntil('two back', () => one.assignment === both && two.assignment === both);
        assert.ok(two.rejoins.includes(true), 'two was told that it had been out');
        assert.deepEqual(two.errors, []);
      }
      await waitUntil('one alone again', () => one.assignment === 'sessioned sessioned:one');
      assert.ok(!one.rejoins.includes(true));
      assert.deepEqual(one.errors, []);
    });

    test('a member whose subprotocols nobody shares is refused', async () => {
      const servers = broker.bootstrapServers;
      await using one = new Worker(servers, 'one', ['sessioned']);
      await waitUntil('one alone', () => one.assignment !== '');
      await using stranger = new Worker(servers, 'stranger', ['other']);
      await waitUntil('the refusal', () => stranger.errors.length > 0);
      assert.match(String(stranger.errors[0]), /"workers".*INCONSISTENT_GROUP_PROTOCOL/);
      assert.deepEqual(one.errors, []);
    });
  });
}
