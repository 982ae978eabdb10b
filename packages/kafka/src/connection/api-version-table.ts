import type { MessageCodec } from '@sluice/protocol';
import { KafkaError } from '../errors/kafka-error.ts';

/** Versions that one broker speaks of one API. */
interface VersionRange {
  readonly min: number;
  readonly max: number;
}

/** What one broker said about itself. */
export interface ApiVersionTable {
  readonly ranges: ReadonlyMap<number, VersionRange>;
  /** Finalized feature levels, e.g. `transaction.version` → 2. */
  readonly features: ReadonlyMap<string, number>;
}

/**
 * The newest version that the broker and this client both know. @throws KafkaError
 * `UNSUPPORTED_VERSION`
 */
export function chooseVersion<Q>(
  codec: MessageCodec<Q>,
  table: ApiVersionTable | null,
  broker: string,
  versionMax: number = Number.POSITIVE_INFINITY,
): number {
  const theirs = table?.ranges.get(codec.apiKey);
  const ourMax = Math.min(codec.latestStableVersion, versionMax);
  if (theirs === undefined) {
    throw unsupported(`The broker at ${broker} does not know ${codec.name} at all.`);
  }
  const version = Math.min(theirs.max, ourMax);
  if (version >= Math.max(theirs.min, codec.minVersion)) return version;
  throw unsupported(
    `The broker at ${broker} speaks ${codec.name} in versions ${theirs.min} to ${theirs.max}, ` +
      `this client ${codec.minVersion} to ${ourMax}.`,
  );
}

function unsupported(text: string): KafkaError {
  return new KafkaError(
    'UNSUPPORTED_VERSION',
    `${text} Kafka 2.1 is the oldest that is supported.`,
  );
}
