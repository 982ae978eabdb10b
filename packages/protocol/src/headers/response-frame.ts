import type { MessageCodec } from '../codec.ts';
import { decodeToEnd } from '../decode-message.ts';
import { ResponseHeader } from '../gen/response-header.ts';
import { Reader } from '../reader.ts';
import { Writer } from '../writer.ts';
import { responseHeaderVersion } from './header-version.ts';

/**
 * Encodes a whole response as it goes to the socket: int32 length, header, body. For brokers.
 *
 * @throws ProtocolError as {@link MessageCodec.encode}.
 */
export function encodeResponseFrame<T>(
  codec: MessageCodec<T>,
  apiVersion: number,
  correlationId: number,
  response: T,
): Writer {
  const writer = new Writer();
  const mark = writer.startLength();
  const headerVersion = responseHeaderVersion(codec.apiKey, apiVersion);
  ResponseHeader.encode(writer, { correlationId }, headerVersion);
  codec.encode(writer, response, apiVersion);
  writer.endLength(mark);
  return writer;
}

/**
 * The correlation id of a response whose length prefix is taken off: it tells which request, and so
 * which codec and version, the response belongs to.
 *
 * @throws ProtocolError `Truncated` when the frame is shorter than four bytes.
 */
export function correlationIdOf(frame: Uint8Array): number {
  return new Reader(frame).int32();
}

/**
 * Decodes a response, header included, from a frame whose length prefix is taken off. Bytes and
 * record sets in the result are views into `frame`.
 *
 * @throws ProtocolError naming message, version and offset.
 */
export function decodeResponseFrame<T>(
  codec: MessageCodec<T>,
  apiVersion: number,
  frame: Uint8Array,
): T {
  const reader = new Reader(frame);
  ResponseHeader.decode(reader, responseHeaderVersion(codec.apiKey, apiVersion));
  return decodeToEnd(codec, reader, apiVersion);
}
