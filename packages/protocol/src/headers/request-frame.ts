import type { MessageCodec } from '../codec.ts';
import { decodeToEnd } from '../decode-message.ts';
import { RequestHeader } from '../gen/request-header.ts';
import { Reader } from '../reader.ts';
import { Writer } from '../writer.ts';
import { requestHeaderVersion } from './header-version.ts';

/** What stands in front of a request besides its API key. */
export interface RequestFrameHeader {
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
}

/**
 * A request as it came from the wire: the header is read, the body waits for the codec of
 * `header.requestApiKey`.
 */
export interface RequestFrame {
  readonly header: RequestHeader;
  /** Stands at the first byte of the body. */
  readonly body: Reader;
}

/**
 * Encodes a whole request as it goes to the socket: int32 length, header, body. Send
 * `writer.chunks()` in one gathering write.
 *
 * @throws ProtocolError as {@link MessageCodec.encode}.
 */
export function encodeRequestFrame<T>(
  codec: MessageCodec<T>,
  header: RequestFrameHeader,
  request: T,
): Writer {
  const writer = new Writer();
  const mark = writer.startLength();
  const { apiVersion, correlationId, clientId } = header;
  RequestHeader.encode(
    writer,
    { requestApiKey: codec.apiKey, requestApiVersion: apiVersion, correlationId, clientId },
    requestHeaderVersion(codec.apiKey, apiVersion),
  );
  codec.encode(writer, request, apiVersion);
  writer.endLength(mark);
  return writer;
}

/**
 * Reads the header of a request, whose length prefix is already taken off. For brokers.
 *
 * @throws ProtocolError when the API key is unknown (`UnsupportedVersion`) or the header is
 * malformed.
 */
export function decodeRequestFrame(frame: Uint8Array): RequestFrame {
  const peek = new Reader(frame);
  const version = requestHeaderVersion(peek.int16(), peek.int16());
  const body = new Reader(frame);
  return { header: RequestHeader.decode(body, version), body };
}

/**
 * Decodes a request's body and checks that nothing is left behind it.
 *
 * @throws ProtocolError naming message, version and offset.
 */
export function decodeRequestBody<T>(codec: MessageCodec<T>, frame: RequestFrame): T {
  return decodeToEnd(codec, frame.body, frame.header.requestApiVersion);
}
