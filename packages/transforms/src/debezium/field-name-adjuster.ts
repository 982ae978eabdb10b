import type { NameAdjuster } from './schema-name-adjuster.ts';

/**
 * The adjuster of a mode for names of fields, which have no dots in Avro: `avro` replaces what is
 * not allowed by `_`, `avro_unicode` by `_u` and its code (and `_`, too); others change nothing.
 */
export function fieldNameAdjuster(mode: string): NameAdjuster {
  switch (mode) {
    case 'avro':
      return (name) => name.replaceAll(/[^A-Za-z0-9_]|^[^A-Za-z_]/g, '_');
    case 'avro_unicode':
      return (name) => name.replaceAll(/[^A-Za-z0-9]|^[^A-Za-z]/g, unicodeEscape);
    default:
      return (name) => name;
  }
}

/** As Java writes it: three digits stay three. */
function unicodeEscape(wrong: string): string {
  const hex = wrong.charCodeAt(0).toString(16);
  return `_u${hex.length <= 2 ? `00${hex}` : hex}`;
}
