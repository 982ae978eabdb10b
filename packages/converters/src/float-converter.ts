import { Float32, OPTIONAL_FLOAT32_SCHEMA } from '@sluice/api';
import { type NumberFormat, numberPlugins } from './number-converter.ts';

/** IEEE 754, four bytes. Mirrors `FloatConverter`. */
const FORMAT: NumberFormat = {
  typeName: 'float',
  size: 4,
  schema: OPTIONAL_FLOAT32_SCHEMA,
  write(target, value) {
    const isFloat = typeof value === 'number' || value instanceof Float32;
    if (!isFloat) return false;
    target.setFloat32(0, Number(value));
    return true;
  },
  read: (source) => source.getFloat32(0),
};

const PLUGINS = numberPlugins('FloatConverter', FORMAT);

export const floatConverter = PLUGINS.converter;
export const floatHeaderConverter = PLUGINS.headerConverter;
