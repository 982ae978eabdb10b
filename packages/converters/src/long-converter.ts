import { int64, isInt64, OPTIONAL_INT64_SCHEMA } from '@sluice/api';
import { type NumberFormat, numberPlugins } from './number-converter.ts';

/** Eight bytes. Mirrors `LongConverter`. */
const FORMAT: NumberFormat = {
  typeName: 'long',
  size: 8,
  schema: OPTIONAL_INT64_SCHEMA,
  write(target, at, value) {
    if (!isInt64(value)) return false;
    target.writeBigInt64BE(BigInt(value), at);
    return true;
  },
  read: (source, at) => int64(source.readBigInt64BE(at)),
};

const PLUGINS = numberPlugins('LongConverter', FORMAT);

export const longConverter = PLUGINS.converter;
export const longHeaderConverter = PLUGINS.headerConverter;
