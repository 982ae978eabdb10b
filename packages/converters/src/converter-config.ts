import { type ConfigDef, ConfigDef as Definition, validString } from '@sluice/api';

/** Which side of the record a converter works on: `key`, `value` or `header`. */
const CONVERTER_TYPE_KEY = 'converter.type';

/** The key that every converter has; the worker fills it in. */
export const CONVERTER_TYPE_SPEC = {
  [CONVERTER_TYPE_KEY]: {
    type: 'STRING',
    validator: validString('key', 'value', 'header'),
    importance: 'LOW',
    doc: 'What the converter converts; set by the worker.',
  },
} as const;

/** The config of converters that have no options of their own. */
export const CONVERTER_CONFIG: ConfigDef = new Definition(CONVERTER_TYPE_SPEC);

/** Props with the side of the record filled in. */
export function withConverterType(
  props: Readonly<Record<string, string>>,
  type: 'key' | 'value' | 'header',
): Readonly<Record<string, string>> {
  return { ...props, [CONVERTER_TYPE_KEY]: type };
}
