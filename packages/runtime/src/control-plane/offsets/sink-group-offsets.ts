import { ConnectError, type Props, type TopicPartitionOffset } from '@sluice/api';
import type { KafkaAdmin } from '@sluice/kafka';
import type { OffsetEntryText } from '@sluice/rest';
import { messageOf } from '../../data-plane/errors/thrown.ts';
import { connectorAdminConfig, sinkGroupId } from '../../task-host/client-configs.ts';
import type { SinkOffsetAlteration, TaskHost } from '../../task-host/contract.ts';
import type { OffsetsOwner, OpenAdmin } from './offsets-owner.ts';
import { parseSinkOffsets, sinkOffsetText } from './sink-offset-form.ts';

interface SinkGroupOffsetsOptions {
  readonly host: Pick<TaskHost, 'alterOffsets'>;
  readonly openAdmin: OpenAdmin;
  readonly workerProps: Props;
}

/** What a broker answers while the group still has members. */
const STILL_MEMBERS: ReadonlySet<string> = new Set([
  'UNKNOWN_MEMBER_ID',
  'GROUP_SUBSCRIBED_TO_TOPIC',
  'NON_EMPTY_GROUP',
]);
const NO_SUCH_GROUP = 'GROUP_ID_NOT_FOUND';

/** The offsets of sink connectors, kept by Kafka with their consumer groups (R1.55, R1.56). */
export class SinkGroupOffsets {
  readonly #options: SinkGroupOffsetsOptions;

  constructor(options: SinkGroupOffsetsOptions) {
    this.#options = options;
  }

  async read(owner: OffsetsOwner): Promise<readonly OffsetEntryText[]> {
    const found = await this.#withAdmin(owner, (admin, group) =>
      this.#list(
        admin,
        group,
        `Failed to retrieve consumer group offsets for sink connector ${owner.name}`,
      ),
    );
    return found.map(({ topic, partition, offset }) => sinkOffsetText(topic, partition, offset));
  }

  /** True when the connector says that all is done. */
  async alter(owner: OffsetsOwner, entries: readonly OffsetEntryText[]): Promise<boolean> {
    const alterations = parseSinkOffsets(entries);
    const isAllDone = await this.#askConnector(owner, alterations);
    await this.#withAdmin(owner, async (admin, group) => {
      try {
        await alterGroup(admin, group, alterations);
      } catch (error) {
        throw refused(error, 'alter', owner.name);
      }
    });
    return isAllDone;
  }

  async reset(owner: OffsetsOwner): Promise<boolean> {
    return this.#withAdmin(owner, async (admin, group) => {
      const found = await this.#list(
        admin,
        group,
        `Failed to list offsets prior to resetting offsets for sink connector ${owner.name}`,
      );
      const alterations = found.map(({ topic, partition }) => ({
        topic,
        partition,
        offset: null,
      }));
      const isAllDone = await this.#askConnector(owner, alterations);
      try {
        await admin.deleteGroup(group);
      } catch (error) {
        // A connector that has never run, or was reset before, has no group.
        if (codeOf(error) !== NO_SUCH_GROUP) throw refused(error, 'reset', owner.name);
      }
      return isAllDone;
    });
  }

  async #askConnector(
    { plugin, props }: OffsetsOwner,
    alterations: readonly SinkOffsetAlteration[],
  ): Promise<boolean> {
    return (await this.#options.host.alterOffsets(plugin.ref(), props, alterations)) ?? false;
  }

  async #list(
    admin: KafkaAdmin,
    group: string,
    failure: string,
  ): Promise<readonly TopicPartitionOffset[]> {
    try {
      return await admin.listGroupOffsets(group);
    } catch (cause) {
      if (codeOf(cause) === NO_SUCH_GROUP) return [];
      throw new ConnectError(`${failure}: ${messageOf(cause)}`, { cause });
    }
  }

  async #withAdmin<T>(
    { name, props }: OffsetsOwner,
    use: (admin: KafkaAdmin, group: string) => Promise<T>,
  ): Promise<T> {
    const input = { workerProps: this.#options.workerProps, connectorProps: props };
    const admin = await this.#options.openAdmin(connectorAdminConfig(input, name));
    try {
      return await use(admin, sinkGroupId(input, name));
    } finally {
      await admin.close();
    }
  }
}

async function alterGroup(
  admin: KafkaAdmin,
  group: string,
  alterations: readonly SinkOffsetAlteration[],
): Promise<void> {
  const moved: TopicPartitionOffset[] = [];
  const removed: { readonly topic: string; readonly partition: number }[] = [];
  for (const { topic, partition, offset } of alterations) {
    if (offset === null) removed.push({ topic, partition });
    else moved.push({ topic, partition, offset });
  }
  if (moved.length > 0) await admin.alterGroupOffsets(group, moved);
  if (removed.length > 0) await admin.deleteGroupOffsets(group, removed);
}

function refused(cause: unknown, verb: 'alter' | 'reset', name: string): ConnectError {
  const what = `Failed to ${verb} consumer group offsets for`;
  if (STILL_MEMBERS.has(codeOf(cause)))
    return new ConnectError(
      `${what} connector ${name} either because its tasks haven't stopped completely yet or the ` +
        `connector was resumed before the request to ${verb} its offsets could be successfully ` +
        'completed. If the connector is in a stopped state, this operation can be safely ' +
        "retried. If it doesn't eventually succeed, the Connect cluster may need to be restarted " +
        'to get rid of the zombie sink tasks.',
      { cause, code: 'CONNECT_ZOMBIE_SINK_TASKS' },
    );
  const whose = verb === 'alter' ? 'connector' : 'sink connector';
  return new ConnectError(`${what} ${whose} ${name}: ${messageOf(cause)}`, { cause });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}
