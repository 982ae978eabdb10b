import { OPTIONAL_INT32_SCHEMA } from '@sluice/api';
import { isIntegerOf, type NumberFormat, numberPlugins } from './number-converter.ts';

/** Four bytes. Mirrors `IntegerConverter`. */
const FORMAT: NumberFormat = {
  typeName: 'integer',
  size: 4,
  schema: OPTIONAL_INT32_SCHEMA,
  write(target, at, value) {
    if (!isIntegerOf(32, value)) return false;
    target.writeInt32BE(value, at);
    return true;
  },
  read: (source, at) => source.readInt32BE(at),
};

const PLUGINS = numberPlugins('IntegerConverter', FORMAT);

export const integerConverter = PLUGINS.converter;
export const integerHeaderConverter = PLUGINS.headerConverter;
