import { OPTIONAL_INT16_SCHEMA } from '@sluice/api';
import { isIntegerOf, type NumberFormat, numberPlugins } from './number-converter.ts';

/** Two bytes. Mirrors `ShortConverter`. */
const FORMAT: NumberFormat = {
  typeName: 'short',
  size: 2,
  schema: OPTIONAL_INT16_SCHEMA,
  write(target, at, value) {
    if (!isIntegerOf(16, value)) return false;
    target.writeInt16BE(value, at);
    return true;
  },
  read: (source, at) => source.readInt16BE(at),
};

const PLUGINS = numberPlugins('ShortConverter', FORMAT);

export const shortConverter = PLUGINS.converter;
export const shortHeaderConverter = PLUGINS.headerConverter;
