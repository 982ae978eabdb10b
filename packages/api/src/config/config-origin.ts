import type { ConfigDef, ConfigInput } from './config-def.ts';

/** Where a value was written. */
export type ConfigOrigin =
  | { readonly kind: 'default' }
  | { readonly kind: 'file'; readonly file: string; readonly line: number }
  | { readonly kind: 'rest' }
  /** A `producer.override.` or its like. */
  | { readonly kind: 'override'; readonly key: string }
  /** Looked up by a config provider; the reference is shown, never what it stands for. */
  | { readonly kind: 'provider'; readonly reference: string }
  /** Given, but by whom is not known. */
  | { readonly kind: 'given' };

/** Where values were written, by key, as far as the reader of the config has noted it. */
export type ConfigOrigins = ReadonlyMap<string, ConfigOrigin>;

/** Where the value of each key of a definition comes from. */
export function originsOf(
  def: ConfigDef,
  props: ConfigInput,
  origins: ConfigOrigins,
): ConfigOrigins {
  const entries = [...def.keys.keys()].map((name): readonly [string, ConfigOrigin] => {
    if (!Object.hasOwn(props, name)) return [name, { kind: 'default' }];
    return [name, origins.get(name) ?? { kind: 'given' }];
  });
  return new Map(entries);
}

/** An origin for people: `worker.properties, line 12`. */
export function originText(origin: ConfigOrigin): string {
  switch (origin.kind) {
    case 'default':
      return 'default';
    case 'file':
      return `${origin.file}, line ${origin.line}`;
    case 'rest':
      return 'REST request';
    case 'override':
      return `override ${origin.key}`;
    case 'provider':
      return `config provider, ${origin.reference}`;
    case 'given':
    default:
      return 'config';
  }
}
