import { DescribeConfigsRequest } from '@sluice/protocol/gen/describe-configs-request';
import {
  DescribeConfigsResponse,
  type DescribeConfigsResponseDescribeConfigsResult,
} from '@sluice/protocol/gen/describe-configs-response';
import { IncrementalAlterConfigsRequest } from '@sluice/protocol/gen/incremental-alter-configs-request';
import { IncrementalAlterConfigsResponse } from '@sluice/protocol/gen/incremental-alter-configs-response';
import type { Connection } from '../connection/connection.ts';
import { type AdminCalls, forEachItem, type Outcomes, outcomeOf } from './admin-calls.ts';
import {
  CONFIG_OPERATIONS,
  CONFIG_RESOURCE_TYPES,
  CONFIG_SOURCES,
  type ConfigOperation,
  type ConfigResourceType,
  type ConfigSource,
} from './wire-names.ts';

/** What configs belong to. A broker's name is its number; empty for the default of all brokers. */
export interface ConfigResource {
  readonly type: ConfigResourceType;
  readonly name: string;
}

/** One config as it is in effect. Mirrors Java's `ConfigEntry`. */
export interface ConfigEntry {
  readonly name: string;
  /** `null` for sensitive ones, and where there is none. */
  readonly value: string | null;
  readonly source: ConfigSource | 'UNKNOWN';
  readonly isSensitive: boolean;
  readonly isReadOnly: boolean;
}

/** One change; `value` is `null` to delete. Mirrors Java's `AlterConfigOp`. */
export interface ConfigAlteration {
  readonly name: string;
  readonly operation: ConfigOperation;
  readonly value: string | null;
}

/** Configs of topics, brokers, groups, each resource with its own outcome. */
export class ConfigAdmin {
  readonly #calls: AdminCalls;

  constructor(calls: AdminCalls) {
    this.#calls = calls;
  }

  /** Every config of each resource, defaults included, in the broker's order. Outcomes by the resource's own object. */
  describe(
    resources: readonly ConfigResource[],
  ): Promise<Outcomes<ConfigResource, readonly ConfigEntry[]>> {
    const what = `Describing the configs of ${resources.map(textOf).join(', ')}`;
    return this.#atTheirBrokers(resources, what, async (connection, timeoutMs, open) => {
      const response = await connection.request(
        DescribeConfigsRequest,
        DescribeConfigsResponse,
        () => ({
          resources: open.map((resource) => ({ ...onWire(resource), configurationKeys: null })),
          includeSynonyms: false,
          includeDocumentation: false,
        }),
        { timeoutMs },
      );
      return matched(open, response.results, (resource, result) => {
        const about = `Describing the configs of ${textOf(resource)}`;
        return outcomeOf(result.errorCode, about, entriesOf(result), result.errorMessage);
      });
    });
  }

  /** Changes single configs and leaves the others (KIP-339). `isValidateOnly`: nothing is changed. */
  incrementalAlter(
    changes: ReadonlyMap<ConfigResource, readonly ConfigAlteration[]>,
    options: { readonly isValidateOnly?: boolean } = {},
  ): Promise<Outcomes<ConfigResource, null>> {
    const resources = [...changes.keys()];
    const what = `Changing the configs of ${resources.map(textOf).join(', ')}`;
    return this.#atTheirBrokers(resources, what, async (connection, timeoutMs, open) => {
      const response = await connection.request(
        IncrementalAlterConfigsRequest,
        IncrementalAlterConfigsResponse,
        () => ({
          resources: open.map((resource) => ({
            ...onWire(resource),
            configs: (changes.get(resource) ?? []).map(({ name, operation, value }) => ({
              name,
              configOperation: CONFIG_OPERATIONS.codeOf(operation),
              value,
            })),
          })),
          validateOnly: options.isValidateOnly ?? false,
        }),
        { timeoutMs },
      );
      return matched(open, response.responses, (resource, { errorCode, errorMessage }) => {
        const about = `Changing the configs of ${textOf(resource)}`;
        return outcomeOf(errorCode, about, null, errorMessage);
      });
    });
  }

  /** A broker's own configs are asked of, and changed at, that broker. */
  async #atTheirBrokers<T>(
    resources: readonly ConfigResource[],
    what: string,
    send: (
      connection: Connection,
      timeoutMs: number,
      open: readonly ConfigResource[],
    ) => Promise<Outcomes<ConfigResource, T>>,
  ): Promise<Outcomes<ConfigResource, T>> {
    const { cluster } = this.#calls;
    const retry = this.#calls.retry(what);
    const groups = Map.groupBy(resources, ownBrokerOf);
    if ([...groups.keys()].some((broker) => broker >= 0)) await cluster.ready(retry);
    const { requestTimeoutMs } = cluster.config;
    const outcomes = await Promise.all(
      Array.from(groups, ([broker, each]) =>
        forEachItem(cluster, each, retry, async (open) => {
          const connection = await (broker < 0 ? cluster.anyBroker() : cluster.connection(broker));
          return send(connection, requestTimeoutMs, open);
        }),
      ),
    );
    return new Map(outcomes.flatMap((each) => [...each]));
  }
}

const ANY_BROKER = -1;

function ownBrokerOf({ type, name }: ConfigResource): number {
  const isBrokers = type === 'BROKER' || type === 'BROKER_LOGGER';
  return isBrokers && /^\d+$/.test(name) ? Number(name) : ANY_BROKER;
}

function onWire({ type, name }: ConfigResource): {
  readonly resourceType: number;
  readonly resourceName: string;
} {
  return { resourceType: CONFIG_RESOURCE_TYPES.codeOf(type), resourceName: name };
}

function textOf({ type, name }: ConfigResource): string {
  const kind = type.toLowerCase().replace('_', ' ');
  return name === '' ? `the default ${kind}` : `the ${kind} "${name}"`;
}

function matched<R extends { readonly resourceType: number; readonly resourceName: string }, T>(
  resources: readonly ConfigResource[],
  results: readonly R[],
  outcome: (resource: ConfigResource, result: R) => T,
): ReadonlyMap<ConfigResource, T> {
  return new Map(
    resources.flatMap((resource): [ConfigResource, T][] => {
      const { resourceType, resourceName } = onWire(resource);
      const found = results.find(
        (each) => each.resourceType === resourceType && each.resourceName === resourceName,
      );
      return found === undefined ? [] : [[resource, outcome(resource, found)]];
    }),
  );
}

function entriesOf({
  configs,
}: DescribeConfigsResponseDescribeConfigsResult): readonly ConfigEntry[] {
  return configs.map(({ name, value, configSource, isSensitive, readOnly }) => ({
    name,
    value,
    source: CONFIG_SOURCES.nameOf(configSource),
    isSensitive,
    isReadOnly: readOnly,
  }));
}
