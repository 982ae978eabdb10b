import {
  ConfigError,
  messageWithOrigin,
  originText,
  type ConfigOrigin,
  type ConfigOrigins,
} from '@sluice/api';

/**
 * A ConfigError that names its key, told with where the key's value was written; any other error as
 * it is. What a config provider gave is never shown, as it may be a secret: of such a value only the
 * reference is told.
 */
export function errorWithOrigin(error: unknown, origins: ConfigOrigins): unknown {
  if (!(error instanceof ConfigError)) return error;
  const { key, reference } = error.context;
  const origin = typeof key === 'string' ? origins.get(key) : undefined;
  if (typeof key !== 'string' || origin === undefined) return error;
  // Looking it up has failed, so that the message holds no value, and is all there is to tell.
  const isLookUp = typeof reference === 'string';
  const message = isLookUp
    ? `${error.message} ("${key}" from ${originText(origin)})`
    : valueMessage(error.message, key, origin);
  // A cause would show the value again.
  const cause = isLookUp ? { cause: error.cause } : {};
  return new ConfigError(message, { code: error.code, context: error.context, ...cause });
}

/** A complaint about a key's value with where it was written, without what a provider gave. */
export function valueMessage(
  message: string,
  key: string,
  origin: ConfigOrigin | undefined,
): string {
  const reference = origin === undefined ? null : referenceOf(origin);
  if (reference === null) return messageWithOrigin(message, key, origin);
  const hidden =
    `Invalid value for configuration ${key}: what ${reference} stands for is not accepted ` +
    '(it is not shown, as it may be a secret)';
  return messageWithOrigin(hidden, key, origin);
}

function referenceOf(origin: ConfigOrigin): string | null {
  if (origin.kind === 'provider') return origin.reference;
  return origin.kind === 'override' && origin.at !== null ? referenceOf(origin.at) : null;
}
