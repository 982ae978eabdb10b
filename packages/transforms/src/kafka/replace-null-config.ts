import type { ConfigKeySpec } from '@sluice/api';

/** The key `replace.null.with.default` (KIP-1040). */
export const REPLACE_NULL_CONFIG = {
  'replace.null.with.default': {
    type: 'BOOLEAN',
    default: true,
    importance: 'MEDIUM',
    doc:
      'Whether a field that is null and whose schema has a default value is read as that default ' +
      '(true) or as null (false).',
  },
} as const satisfies Readonly<Record<string, ConfigKeySpec>>;
