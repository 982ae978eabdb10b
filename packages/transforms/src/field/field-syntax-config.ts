import { caseInsensitiveValidString, type ConfigKeySpec } from '@sluice/api';
import type { FieldSyntaxVersion } from './field-path.ts';

/**
 * The key `field.syntax.version`, the same in every transformation that takes field names. Java
 * knows it in ExtractField only (from 4.4 on in ValueToKey too); here nested fields work in all.
 */
export const FIELD_SYNTAX_CONFIG = {
  'field.syntax.version': {
    type: 'STRING',
    default: 'V1',
    validator: caseInsensitiveValidString('V1', 'V2'),
    importance: 'HIGH',
    doc:
      'How field names are read. V1: a name is a field of the top level, whatever it contains. ' +
      'V2: dots lead into nested structs and maps (address.city); a name that contains dots ' +
      'stands between backticks.',
  },
} as const satisfies Readonly<Record<string, ConfigKeySpec>>;

/** The version that a validated config value names. */
export function fieldSyntaxVersion(value: string): FieldSyntaxVersion {
  return value.toUpperCase() === 'V2' ? 'V2' : 'V1';
}
