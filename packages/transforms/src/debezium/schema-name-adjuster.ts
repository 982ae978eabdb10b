/** Changes a schema's full name to one that a format allows. */
export type NameAdjuster = (name: string) => string;

/**
 * The adjuster of a mode: `avro` replaces what Avro does not allow in a name by `_`,
 * `avro_unicode` by `_u` and its code; `none`, and anything else, changes nothing.
 */
export function adjusterOf(mode: string): NameAdjuster {
  switch (mode.trim().toLowerCase()) {
    case 'avro':
      return (name) => adjusted(name, () => '_');
    case 'avro_unicode':
      return (name) => adjusted(name, (code) => `_u${code.toString(16).padStart(4, '0')}`);
    default:
      return (name) => name;
  }
}

function adjusted(name: string, replacement: (code: number) => string): string {
  return name.replaceAll(/[^A-Za-z0-9_.]|^[^A-Za-z_]/g, (wrong) =>
    replacement(wrong.charCodeAt(0)),
  );
}
