import type { ConfigDef, ConfigInput } from './config-def.ts';

/** Where a value was written. */
export type ConfigOrigin =
  | { readonly kind: 'default' }
  | { readonly kind: 'file'; readonly file: string; readonly line: number }
  /** A request: one that brought a whole config, or one that changed some keys of it. */
  | { readonly kind: 'rest'; readonly request?: 'PATCH' }
  /** A variable of the process's environment. */
  | { readonly kind: 'environment'; readonly variable: string }
  /** A `producer.override.` or its like; `at` is where that one was written, if it is known. */
  | { readonly kind: 'override'; readonly key: string; readonly at: ConfigOrigin | null }
  /**
   * Looked up by a config provider; the reference is shown, never what it stands for. `at` is where
   * the reference was written, if it is known.
   */
  | { readonly kind: 'provider'; readonly reference: string; readonly at: ConfigOrigin | null }
  /** Given, but by whom is not known. */
  | { readonly kind: 'given' };

/** Where values were written, by key, as far as the reader of the config has noted it. */
export type ConfigOrigins = ReadonlyMap<string, ConfigOrigin>;

/**
 * Where the value of each key of a definition comes from. A key that is neither given nor has a
 * default has no value, so that it is not in the answer.
 */
export function originsOf(
  def: ConfigDef,
  props: ConfigInput,
  origins: ConfigOrigins,
): ConfigOrigins {
  const found = new Map<string, ConfigOrigin>();
  for (const [name, { hasDefault }] of def.keys) {
    if (Object.hasOwn(props, name)) found.set(name, origins.get(name) ?? { kind: 'given' });
    else if (hasDefault) found.set(name, { kind: 'default' });
  }
  return found;
}

/** An origin for people: `worker.properties line 12`. */
export function originText(origin: ConfigOrigin): string {
  switch (origin.kind) {
    case 'default':
      return 'default';
    case 'file':
      return `${origin.file} line ${origin.line}`;
    case 'rest':
      return origin.request === 'PATCH' ? 'PATCH request' : 'REST request';
    case 'environment':
      return `environment variable ${origin.variable}`;
    case 'override':
      return `override ${origin.key}${placeText(origin.at)}`;
    case 'provider':
      return `config provider ${origin.reference}${placeText(origin.at)}`;
    case 'given':
    default:
      return 'config';
  }
}

/**
 * A message about a key, with where its value was written: `... (from worker.properties line 12)`.
 * The key is named too where the message does not. Without a known origin the message stays as it is.
 */
export function messageWithOrigin(
  message: string,
  key: string,
  origin: ConfigOrigin | undefined,
): string {
  if (origin === undefined || origin.kind === 'given') return message;
  const named = message.includes(key) ? '' : `"${key}" `;
  return `${message} (${named}from ${originText(origin)})`;
}

function placeText(at: ConfigOrigin | null): string {
  return at === null ? '' : `, ${originText(at)}`;
}
