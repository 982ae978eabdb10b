import type * as Api from '@opentelemetry/api';
import { ConfigError, ConnectError } from '@sluice/api';

/** OpenTelemetry's API as far as it is needed, once it is loaded. */
export interface OpenTelemetry {
  readonly api: typeof Api;
  readonly tracer: Api.Tracer;
}

/** How the module comes in; tests bring others. */
export type ImportApi = () => Promise<typeof Api>;

const KEY = 'sluice.tracing';
const SCOPE = 'sluice';

/**
 * The tracer of this thread, or `null` when `sluice.tracing` is `none`: nothing is imported then.
 * Without an SDK that was loaded before (`NODE_OPTIONS=--import=./tracing.mjs`) its spans go nowhere.
 *
 * @throws ConfigError when OpenTelemetry's API is not installed
 */
export async function openTelemetry(
  tracing: string,
  importApi: ImportApi = () => import('@opentelemetry/api'),
): Promise<OpenTelemetry | null> {
  if (tracing.toLowerCase() === 'none') return null;
  try {
    const api = await importApi();
    return { api, tracer: api.trace.getTracer(SCOPE) };
  } catch (error) {
    if (!isMissing(error))
      throw new ConnectError(`OpenTelemetry's API can't be loaded for "${KEY}=${tracing}"`, {
        cause: error,
      });
    throw ConfigError.ofValue(
      KEY,
      tracing,
      'the package @opentelemetry/api is not installed. Install it beside Sluice with ' +
        '"npm install @opentelemetry/api", or leave the key out',
    );
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
}
