import {
  decodeRequestBody,
  encodeResponseFrame,
  type MessageCodec,
  type RequestFrame,
  type Writer,
} from '@sluice/protocol';
import type { BrokerServices } from './broker-services.ts';

/** What a handler knows of the request besides its body. */
export interface RequestContext {
  readonly services: BrokerServices;
  readonly apiVersion: number;
  /** Empty when the client did not say. */
  readonly clientId: string;
  /** Address of the client, as groups show it: `/127.0.0.1`. */
  readonly clientHost: string;
  /** Aborted when the connection ends: nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** One API of the protocol as this broker answers it. */
export interface ApiHandler<Q, A> {
  readonly request: MessageCodec<Q>;
  readonly response: MessageCodec<A>;
  /**
   * Answers one request; `null` for requests that get no answer (produce with acks=0). Errors of a
   * topic or partition are part of the answer; what is thrown closes the connection.
   */
  handle(request: Q, context: RequestContext): Promise<A | null>;
}

/** A handler whose message types are sealed in. */
export interface BoundHandler {
  readonly apiKey: number;
  /** Decodes the body, answers it and encodes the answer. @throws ProtocolError for a malformed body */
  serve(frame: RequestFrame, context: RequestContext): Promise<Writer | null>;
}

/** Makes a handler fit for the dispatch table. */
export function bindHandler<Q, A>(handler: ApiHandler<Q, A>): BoundHandler {
  return {
    apiKey: handler.request.apiKey,
    async serve(frame, context) {
      const request = decodeRequestBody(handler.request, frame);
      const response = await handler.handle(request, context);
      if (response === null) return null;
      const { requestApiVersion, correlationId } = frame.header;
      return encodeResponseFrame(handler.response, requestApiVersion, correlationId, response);
    },
  };
}
