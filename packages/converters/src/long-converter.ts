import { int64, isInt64, OPTIONAL_INT64_SCHEMA } from '@sluice/api';
import { type NumberFormat, numberPlugins } from './number-converter.ts';

/** Eight bytes. Mirrors `LongConverter`. */
const FORMAT: NumberFormat = {
  typeName: 'long',
  size: 8,
  schema: OPTIONAL_INT64_SCHEMA,
  write(target, value) {
    if (!isInt64(value)) return false;
    target.setBigInt64(0, BigInt(value));
    return true;
  },
  read: (source) => int64(source.getBigInt64(0)),
};

const PLUGINS = numberPlugins('LongConverter', FORMAT);

export const longConverter = PLUGINS.converter;
export const longHeaderConverter = PLUGINS.headerConverter;
