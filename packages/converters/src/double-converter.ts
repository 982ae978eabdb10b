import { Float64, OPTIONAL_FLOAT64_SCHEMA } from '@sluice/api';
import { type NumberFormat, numberPlugins } from './number-converter.ts';

/** IEEE 754, eight bytes. Mirrors `DoubleConverter`. */
const FORMAT: NumberFormat = {
  typeName: 'double',
  size: 8,
  schema: OPTIONAL_FLOAT64_SCHEMA,
  write(target, value) {
    const isDouble = typeof value === 'number' || value instanceof Float64;
    if (!isDouble) return false;
    target.setFloat64(0, Number(value));
    return true;
  },
  read: (source) => source.getFloat64(0),
};

const PLUGINS = numberPlugins('DoubleConverter', FORMAT);

export const doubleConverter = PLUGINS.converter;
export const doubleHeaderConverter = PLUGINS.headerConverter;
