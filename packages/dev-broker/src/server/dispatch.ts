import { decodeRequestFrame, type Writer } from '@sluice/protocol';
import { unsupportedApiVersions } from '../handlers/api-versions.ts';
import type { BoundHandler, RequestContext } from '../handlers/api-handler.ts';
import { maxVersionOf, servedApi } from '../handlers/api-table.ts';
import { FrameError } from './frame-splitter.ts';

const HEAD_BYTES = 8;
const API_VERSIONS_KEY = 18;

/** Finds who answers a request, and has it answered. */
export class Dispatcher {
  readonly #handlers = new Map<number, Promise<BoundHandler>>();

  /**
   * The response frame; `null` when there is none to send.
   *
   * @throws FrameError for an API or version that this broker does not serve
   * @throws ProtocolError for a request that is not what its header says
   */
  async answer(
    bytes: Buffer,
    context: Omit<RequestContext, 'apiVersion' | 'clientId'>,
  ): Promise<Writer | null> {
    if (bytes.length < HEAD_BYTES) {
      throw new FrameError(`a request has only ${bytes.length} bytes`);
    }
    const apiKey = bytes.readInt16BE(0);
    const apiVersion = bytes.readInt16BE(2);
    const api = servedApi(apiKey);
    if (api === null) {
      throw new FrameError(`a request asks for API ${apiKey}, which this broker does not serve`);
    }
    const { minVersion, name } = api.info;
    const maxVersion = maxVersionOf(api.info);
    if (apiVersion < minVersion || apiVersion > maxVersion) {
      // A newer client asks in its own version first, and reads from the answer which one to use.
      if (apiKey === API_VERSIONS_KEY) {
        return unsupportedApiVersions(bytes.readInt32BE(4), context.services.apis);
      }
      const range = `only ${minVersion} to ${maxVersion} are served`;
      throw new FrameError(`a ${name} request has version ${apiVersion}; ${range}`);
    }
    const frame = decodeRequestFrame(bytes);
    const handler = await this.#load(apiKey, api.load);
    return handler.serve(frame, { ...context, apiVersion, clientId: frame.header.clientId ?? '' });
  }

  #load(apiKey: number, load: () => Promise<BoundHandler>): Promise<BoundHandler> {
    let handler = this.#handlers.get(apiKey);
    if (handler === undefined) {
      handler = load();
      this.#handlers.set(apiKey, handler);
    }
    return handler;
  }
}
