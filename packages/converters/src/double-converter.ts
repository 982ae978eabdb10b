import { Float64, OPTIONAL_FLOAT64_SCHEMA } from '@sluice/api';
import { type NumberFormat, numberPlugins } from './number-converter.ts';

/** IEEE 754, eight bytes. Mirrors `DoubleConverter`. */
const FORMAT: NumberFormat = {
  typeName: 'double',
  size: 8,
  schema: OPTIONAL_FLOAT64_SCHEMA,
  write(target, at, value) {
    const isDouble = typeof value === 'number' || value instanceof Float64;
    if (!isDouble) return false;
    target.writeDoubleBE(Number(value), at);
    return true;
  },
  read: (source, at) => source.readDoubleBE(at),
};

const PLUGINS = numberPlugins('DoubleConverter', FORMAT);

export const doubleConverter = PLUGINS.converter;
export const doubleHeaderConverter = PLUGINS.headerConverter;
