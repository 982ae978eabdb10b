import { ApiVersionsRequest } from '@sluice/protocol/gen/api-versions-request';
import { ApiVersionsResponse } from '@sluice/protocol/gen/api-versions-response';
import { UpdateFeaturesRequest } from '@sluice/protocol/gen/update-features-request';
import { UpdateFeaturesResponse } from '@sluice/protocol/gen/update-features-response';
import { brokerError } from '../errors/broker-error.ts';
import {
  type AdminCalls,
  forEachItem,
  onAnyBroker,
  type Outcome,
  type Outcomes,
  outcomeOf,
} from './admin-calls.ts';

/** A range of versions, ends included. */
interface FeatureRange {
  readonly min: number;
  readonly max: number;
}

/** What the cluster can do and has switched on (KIP-584). Mirrors Java's `FeatureMetadata`. */
export interface ClusterFeatures {
  /** Of the whole cluster; `null` when the broker does not know it yet. */
  readonly finalizedEpoch: number | null;
  readonly finalized: ReadonlyMap<string, FeatureRange>;
  /** Of the broker that answered. */
  readonly supported: ReadonlyMap<string, FeatureRange>;
}

/** A level to take a feature to; 0 switches it off. */
export interface FeatureUpdate {
  readonly maxVersionLevel: number;
  /** A `safe-downgrade` is refused when it would lose metadata; an `unsafe-downgrade` is not. */
  readonly type: 'upgrade' | 'safe-downgrade' | 'unsafe-downgrade';
}

const UPDATE_TYPES = { upgrade: 1, 'safe-downgrade': 2, 'unsafe-downgrade': 3 } as const;
const TYPES_FROM = 1;
const PER_FEATURE_UNTIL = 1;
const SOFTWARE = { clientSoftwareName: 'sluice', clientSoftwareVersion: '0.1.0' } as const;
const SOFTWARE_FROM = 3;

/** Features of the cluster as a whole (`metadata.version`, `transaction.version` …). */
export class FeatureAdmin {
  readonly #calls: AdminCalls;

  constructor(calls: AdminCalls) {
    this.#calls = calls;
  }

  describe(): Promise<ClusterFeatures> {
    const retry = this.#calls.retry("Describing the cluster's features");
    return onAnyBroker(this.#calls, retry, async (connection, timeoutMs) => {
      const response = await connection.request(
        ApiVersionsRequest,
        ApiVersionsResponse,
        (version) =>
          version >= SOFTWARE_FROM
            ? SOFTWARE
            : { clientSoftwareName: '', clientSoftwareVersion: '' },
        { timeoutMs },
      );
      if (response.errorCode !== 0) throw brokerError(response.errorCode, retry.what);
      const { finalizedFeaturesEpoch: epoch, finalizedFeatures, supportedFeatures } = response;
      return {
        finalizedEpoch: epoch < 0 ? null : epoch,
        finalized: new Map(
          finalizedFeatures.map(({ name, minVersionLevel: min, maxVersionLevel: max }) => [
            name,
            { min, max },
          ]),
        ),
        supported: new Map(
          supportedFeatures.map(({ name, minVersion: min, maxVersion: max }) => [
            name,
            { min, max },
          ]),
        ),
      };
    });
  }

  /** Outcomes by feature. All of a call are made or none. `isValidateOnly`: nothing is changed. */
  update(
    updates: ReadonlyMap<string, FeatureUpdate>,
    options: { readonly isValidateOnly?: boolean } = {},
  ): Promise<Outcomes<string, null>> {
    const { cluster } = this.#calls;
    const { requestTimeoutMs: timeoutMs } = cluster.config;
    const names = [...updates.keys()];
    const what = `Updating the features ${names.join(', ')}`;
    return forEachItem(cluster, names, this.#calls.retry(what), async (open) => {
      const connection = await cluster.controller();
      const version = connection.versionOf(UpdateFeaturesRequest);
      const response = await connection.request(
        UpdateFeaturesRequest,
        UpdateFeaturesResponse,
        () => ({
          timeoutMs,
          featureUpdates: open.flatMap((name) => onWire(name, updates.get(name), version)),
          validateOnly: options.isValidateOnly ?? false,
        }),
        { timeoutMs },
      );
      const { errorCode, errorMessage, results } = response;
      // Newer versions have one error for all.
      if (version > PER_FEATURE_UNTIL || errorCode !== 0) {
        const all = outcomeOf(errorCode, what, null, errorMessage);
        return new Map(open.map((name): [string, Outcome<null>] => [name, all]));
      }
      return new Map(
        results.map((result): [string, Outcome<null>] => [
          result.feature,
          outcomeOf(result.errorCode, `Updating the feature "${result.feature}"`, null),
        ]),
      );
    });
  }
}

function onWire(
  feature: string,
  update: FeatureUpdate | undefined,
  version: number,
): UpdateFeaturesRequest['featureUpdates'] {
  if (update === undefined) return [];
  const { maxVersionLevel, type } = update;
  const allowDowngrade = version < TYPES_FROM && type !== 'upgrade';
  const upgradeType = version < TYPES_FROM ? UPDATE_TYPES.upgrade : UPDATE_TYPES[type];
  return [{ feature, maxVersionLevel, allowDowngrade, upgradeType }];
}
