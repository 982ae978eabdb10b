import type { ConfigOrigin, ConfigOrigins, Props } from '@sluice/api';

/** Values by key, as they are before anything is checked. */
type Given = Readonly<Record<string, string | null>>;

/** `${provider:key}` or `${provider:path:key}`; the key takes all that is left. */
export const PROVIDER_REFERENCE = /\$\{([^}]*?):(?:([^}]*?):)?([^}]*?)\}/g;

const OVERRIDE = /^(?:producer|consumer|admin)\.override\.(.+)$/;

/** Each key at its line of a file; where a key stands twice, the later one counts. */
export function fileOrigins(
  file: string,
  entries: Iterable<{ readonly key: string; readonly line: number }>,
): ConfigOrigins {
  return new Map(
    Array.from(entries, ({ key, line }): [string, ConfigOrigin] => [
      key,
      { kind: 'file', file, line },
    ]),
  );
}

/** Every key of a body that came over REST. */
export function restOrigins(config: Given): ConfigOrigins {
  return new Map(Object.keys(config).map((key) => [key, { kind: 'rest' }]));
}

/** Where the values of a config were written after some of its keys came over REST. */
export function patchedOrigins(before: ConfigOrigins, patch: Given): ConfigOrigins {
  const after = new Map(before);
  for (const [key, value] of Object.entries(patch))
    if (value === null) after.delete(key);
    else after.set(key, { kind: 'rest', request: 'PATCH' });
  return after;
}

/** What a worker adds to its file's properties because of a variable of its environment. */
export function environmentOrigins(before: Props, after: Props, variable: string): ConfigOrigins {
  const added = Object.keys(after).filter((key) => !Object.hasOwn(before, key));
  return new Map(added.map((key) => [key, { kind: 'environment', variable }]));
}

/**
 * Where the values that are used come from: references to config providers of the worker and client
 * overrides are told as such, with the place where they were written. A client's own key (`acks`) is
 * told as the override that sets it, unless the config holds that key itself or several clients'
 * overrides set it.
 *
 * @param workerProps the worker's properties, whose `config.providers` names the providers
 */
export function effectiveOrigins(
  config: Given,
  written: ConfigOrigins,
  workerProps: Props,
): ConfigOrigins {
  const providers = providerNames(workerProps);
  const found = new Map(written);
  const overridden = new Map<string, ConfigOrigin | null>();
  for (const [key, value] of Object.entries(config)) {
    const at = written.get(key) ?? null;
    const reference = referenceIn(value ?? '', providers);
    if (reference !== null) found.set(key, { kind: 'provider', reference, at });
    const clientKey = OVERRIDE.exec(key)?.[1];
    if (clientKey === undefined) continue;
    const override: ConfigOrigin = { kind: 'override', key, at: found.get(key) ?? null };
    overridden.set(clientKey, overridden.has(clientKey) ? null : override);
  }
  for (const [key, origin] of overridden)
    if (origin !== null && !Object.hasOwn(config, key)) found.set(key, origin);
  return found;
}

/** The providers that a worker's properties name. */
export function providerNames(workerProps: Props): readonly string[] {
  const names = (workerProps['config.providers'] ?? '').split(',').map((name) => name.trim());
  return names.filter((name) => name !== '');
}

/** The first reference of a value to one of the providers, as it is written. */
function referenceIn(value: string, providers: readonly string[]): string | null {
  for (const [reference, name = ''] of value.matchAll(PROVIDER_REFERENCE))
    if (providers.includes(name)) return reference;
  return null;
}
