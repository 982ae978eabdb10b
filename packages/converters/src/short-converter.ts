import { OPTIONAL_INT16_SCHEMA } from '@sluice/api';
import { isIntegerOf, type NumberFormat, numberPlugins } from './number-converter.ts';

/** Two bytes. Mirrors `ShortConverter`. */
const FORMAT: NumberFormat = {
  typeName: 'short',
  size: 2,
  schema: OPTIONAL_INT16_SCHEMA,
  write(target, value) {
    if (!isIntegerOf(16, value)) return false;
    target.setInt16(0, value);
    return true;
  },
  read: (source) => source.getInt16(0),
};

const PLUGINS = numberPlugins('ShortConverter', FORMAT);

export const shortConverter = PLUGINS.converter;
export const shortHeaderConverter = PLUGINS.headerConverter;
