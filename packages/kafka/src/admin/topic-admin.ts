import { CreatePartitionsRequest } from '@sluice/protocol/gen/create-partitions-request';
import { CreatePartitionsResponse } from '@sluice/protocol/gen/create-partitions-response';
import { CreateTopicsRequest } from '@sluice/protocol/gen/create-topics-request';
import { CreateTopicsResponse } from '@sluice/protocol/gen/create-topics-response';
import { DeleteTopicsRequest } from '@sluice/protocol/gen/delete-topics-request';
import { DeleteTopicsResponse } from '@sluice/protocol/gen/delete-topics-response';
import { MetadataRequest } from '@sluice/protocol/gen/metadata-request';
import {
  MetadataResponse,
  type MetadataResponseTopic,
} from '@sluice/protocol/gen/metadata-response';
import { NO_TOPIC_ID } from '../cluster/cluster-metadata.ts';
import type { KafkaError } from '../errors/kafka-error.ts';
import {
  type AdminCalls,
  forEachItem,
  type Outcome,
  type Outcomes,
  outcomeOf,
  onAnyBroker,
} from './admin-calls.ts';
import type { NewTopic, TopicDescription } from './contract.ts';

/** From this version on topics are deleted by name or id; before, by name in a list of its own. */
const DELETE_BY_STATE_FROM = 6;

/** What a topic was made as. */
export interface CreatedTopic {
  readonly topicId: string;
  readonly partitions: number;
  readonly replicationFactor: number;
}

/** Topics, each with its own outcome. Mirrors the calls of Java's `Admin` about topics. */
export class TopicAdmin {
  readonly #calls: AdminCalls;

  constructor(calls: AdminCalls) {
    this.#calls = calls;
  }

  /** By name. `TOPIC_ALREADY_EXISTS` and the like are outcomes. `isValidateOnly`: nothing is created. */
  async create(
    topics: readonly NewTopic[],
    options: { readonly isValidateOnly?: boolean } = {},
  ): Promise<Outcomes<string, CreatedTopic>> {
    const { cluster } = this.#calls;
    const { requestTimeoutMs: timeoutMs } = cluster.config;
    const retry = this.#calls.retry(`Creating the topics ${namesOf(topics)}`);
    const byName = new Map(topics.map((topic) => [topic.name, topic]));
    return forEachItem(cluster, [...byName.keys()], retry, async (names) => {
      const connection = await cluster.controller();
      const response = await connection.request(
        CreateTopicsRequest,
        CreateTopicsResponse,
        () => ({
          topics: names.flatMap((name) => creatable(byName.get(name))),
          timeoutMs,
          validateOnly: options.isValidateOnly ?? false,
        }),
        { timeoutMs },
      );
      return new Map(
        response.topics.map((topic) => {
          const { name, errorCode, errorMessage, topicId } = topic;
          const { numPartitions: partitions, replicationFactor } = topic;
          const created = { topicId, partitions, replicationFactor };
          return [
            name,
            outcomeOf(errorCode, `Creating the topic "${name}"`, created, errorMessage),
          ];
        }),
      );
    });
  }

  async delete(names: readonly string[]): Promise<Outcomes<string, null>> {
    const { cluster } = this.#calls;
    const { requestTimeoutMs: timeoutMs } = cluster.config;
    const retry = this.#calls.retry(`Deleting the topics ${names.join(', ')}`);
    return forEachItem(cluster, names, retry, async (open) => {
      const connection = await cluster.controller();
      const response = await connection.request(
        DeleteTopicsRequest,
        DeleteTopicsResponse,
        (version) => ({
          topics:
            version < DELETE_BY_STATE_FROM
              ? []
              : open.map((name) => ({ name, topicId: NO_TOPIC_ID })),
          topicNames: version < DELETE_BY_STATE_FROM ? open : [],
          timeoutMs,
        }),
        { timeoutMs },
      );
      return new Map(
        response.responses.map(({ name, errorCode, errorMessage }): [string, Outcome<null>] => [
          name ?? '',
          outcomeOf(errorCode, `Deleting the topic "${name ?? ''}"`, null, errorMessage),
        ]),
      );
    });
  }

  /** Grows topics to so many partitions each. */
  async createPartitions(counts: ReadonlyMap<string, number>): Promise<Outcomes<string, null>> {
    const { cluster } = this.#calls;
    const { requestTimeoutMs: timeoutMs } = cluster.config;
    const grown = Array.from(counts, ([name, count]) => `"${name}" to ${count} partitions`);
    const retry = this.#calls.retry(`Growing the topic ${grown.join(', ')}`);
    return forEachItem(cluster, [...counts.keys()], retry, async (open) => {
      const connection = await cluster.controller();
      const response = await connection.request(
        CreatePartitionsRequest,
        CreatePartitionsResponse,
        () => ({
          topics: open.map((name) => ({ name, count: counts.get(name) ?? 0, assignments: null })),
          timeoutMs,
          validateOnly: false,
        }),
        { timeoutMs },
      );
      return new Map(
        response.results.map(({ name, errorCode, errorMessage }): [string, Outcome<null>] => [
          name,
          outcomeOf(errorCode, `Growing the topic "${name}"`, null, errorMessage),
        ]),
      );
    });
  }

  /** `UNKNOWN_TOPIC_OR_PARTITION` for those that are not there. */
  async describe(names: readonly string[]): Promise<Outcomes<string, TopicDescription>> {
    const { cluster } = this.#calls;
    const retry = this.#calls.retry(`Describing the topics ${names.join(', ')}`);
    return forEachItem(cluster, names, retry, async (open) => new Map(await this.#ask(open)));
  }

  /** All topics that this client may see. */
  async list(): Promise<readonly TopicDescription[]> {
    const retry = this.#calls.retry('Listing topics');
    const all = await onAnyBroker(this.#calls, retry, () => this.#ask(null));
    return all.flatMap(([, outcome]) => ('topicId' in outcome ? outcome : []));
  }

  async #ask(
    names: readonly string[] | null,
  ): Promise<readonly (readonly [string, TopicDescription | KafkaError])[]> {
    const { cluster } = this.#calls;
    const connection = await cluster.anyBroker();
    const response = await connection.request(
      MetadataRequest,
      MetadataResponse,
      () => ({
        topics: names?.map((name) => ({ name, topicId: NO_TOPIC_ID })) ?? null,
        allowAutoTopicCreation: false,
        includeClusterAuthorizedOperations: false,
        includeTopicAuthorizedOperations: false,
      }),
      { timeoutMs: cluster.config.requestTimeoutMs },
    );
    return response.topics.map((topic) => {
      const name = topic.name ?? '';
      const what = `Describing the topic "${name}"`;
      return [name, outcomeOf(topic.errorCode, what, describedAs(topic, name))];
    });
  }
}

function namesOf(topics: readonly NewTopic[]): string {
  return topics.map(({ name }) => name).join(', ');
}

function creatable(topic: NewTopic | undefined): CreateTopicsRequest['topics'] {
  if (topic === undefined) return [];
  return [
    {
      name: topic.name,
      numPartitions: topic.partitions,
      replicationFactor: topic.replicationFactor,
      assignments: [],
      configs: Object.entries(topic.configs).map(([name, value]) => ({ name, value })),
    },
  ];
}

function describedAs(topic: MetadataResponseTopic, name: string): TopicDescription {
  return {
    name,
    topicId: topic.topicId,
    partitions: topic.partitions
      .map((partition) => ({
        partition: partition.partitionIndex,
        leader: partition.leaderId,
        replicas: partition.replicaNodes,
        isr: partition.isrNodes,
      }))
      .toSorted((a, b) => a.partition - b.partition),
  };
}
