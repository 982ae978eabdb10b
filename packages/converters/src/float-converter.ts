import { Float32, OPTIONAL_FLOAT32_SCHEMA } from '@sluice/api';
import { type NumberFormat, numberPlugins } from './number-converter.ts';

/** IEEE 754, four bytes. Mirrors `FloatConverter`. */
const FORMAT: NumberFormat = {
  typeName: 'float',
  size: 4,
  schema: OPTIONAL_FLOAT32_SCHEMA,
  write(target, at, value) {
    const isFloat = typeof value === 'number' || value instanceof Float32;
    if (!isFloat) return false;
    target.writeFloatBE(Number(value), at);
    return true;
  },
  read: (source, at) => source.readFloatBE(at),
};

const PLUGINS = numberPlugins('FloatConverter', FORMAT);

export const floatConverter = PLUGINS.converter;
export const floatHeaderConverter = PLUGINS.headerConverter;
