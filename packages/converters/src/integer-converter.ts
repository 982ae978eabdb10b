import { OPTIONAL_INT32_SCHEMA } from '@sluice/api';
import { isIntegerOf, type NumberFormat, numberPlugins } from './number-converter.ts';

/** Four bytes. Mirrors `IntegerConverter`. */
const FORMAT: NumberFormat = {
  typeName: 'integer',
  size: 4,
  schema: OPTIONAL_INT32_SCHEMA,
  write(target, value) {
    if (!isIntegerOf(32, value)) return false;
    target.setInt32(0, value);
    return true;
  },
  read: (source) => source.getInt32(0),
};

const PLUGINS = numberPlugins('IntegerConverter', FORMAT);

export const integerConverter = PLUGINS.converter;
export const integerHeaderConverter = PLUGINS.headerConverter;
