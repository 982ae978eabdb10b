import { ProtocolError } from './protocol-error.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/**
 * One message of Kafka's protocol in all its versions: what a generated module exports under the
 * message's name.
 */
export interface MessageCodec<T> {
  /** Kafka's name, e.g. `FetchRequest`. */
  readonly name: string;
  /** -1 for data that is not a request or response (e.g. `ConsumerProtocolSubscription`). */
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
  /** First version with compact lengths and tagged fields; 32767 when there is none. */
  readonly flexibleFrom: number;
  /** The newest version that is stable: clients use none above it. */
  readonly latestStableVersion: number;
  /**
   * @throws ProtocolError `UnsupportedVersion`; `UnwritableField` when a field that the version
   * lacks (and that may not be dropped) differs from its default, or is null where the version has
   * no null.
   */
  encode(writer: Writer, message: T, version: number): void;
  /**
   * Fields that the version lacks get their defaults; unknown tagged fields are skipped. Leaves
   * what follows unread.
   */
  decode(reader: Reader, version: number): T;
}

/** The default of fields that hold bytes. */
export const EMPTY_BYTES: Buffer = Buffer.alloc(0);

/** Called by generated codecs: refuses a version outside the message's range. */
export function requireVersion(name: string, version: number, min: number, max: number): void {
  if (version >= min && version <= max && Number.isInteger(version)) return;
  throw new ProtocolError(
    'UnsupportedVersion',
    `encode or decode ${name}: there is no version ${version}, only ${min} to ${max}`,
    { messageName: name, version },
  );
}

/** Called by generated codecs: the field's value can't be carried by the version. */
export function refuseField(name: string, field: string, version: number): never {
  throw new ProtocolError(
    'UnwritableField',
    `encode ${name} version ${version}: the field ${field} holds a value that this version can't ` +
      'carry; leave it at its default or use a version that has it',
    { messageName: name, version },
  );
}
