import type { MessageCodec } from './codec.ts';
import { ProtocolError } from './protocol-error.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/**
 * Decodes a message that fills `bytes` to the last one.
 *
 * @throws ProtocolError naming message, version and offset.
 */
export function decodeMessage<T>(codec: MessageCodec<T>, bytes: Uint8Array, version: number): T {
  return decodeToEnd(codec, new Reader(bytes), version);
}

/** Decodes what is left in `reader`, as {@link decodeMessage}. */
export function decodeToEnd<T>(codec: MessageCodec<T>, reader: Reader, version: number): T {
  try {
    const message = codec.decode(reader, version);
    reader.expectEnd();
    return message;
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.messageName !== null) throw error;
    const offset = error.offset ?? reader.position;
    throw new ProtocolError(
      error.code,
      `decode ${codec.name} version ${version}, byte ${offset}: ${error.message}`,
      { offset, messageName: codec.name, version, cause: error },
    );
  }
}

/**
 * Encodes a message alone, without length or header, as one buffer: for data inside other messages
 * (e.g. `ConsumerProtocolSubscription`) and for tests.
 *
 * @throws ProtocolError as {@link MessageCodec.encode}.
 */
export function encodeMessage<T>(codec: MessageCodec<T>, message: T, version: number): Buffer {
  const writer = new Writer();
  codec.encode(writer, message, version);
  return writer.toBuffer();
}
