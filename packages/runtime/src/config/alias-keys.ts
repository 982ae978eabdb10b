/** The framework's keys under the aliases of `transforms` and `predicates` (R2.55, R2.62). */
import { ConfigDef, type ConfigKeySpec, type Recommender } from '@sluice/api';
import { offering } from './connector-validators.ts';

/** Keys that every transformation has beside its own. */
export const TRANSFORMATION_KEYS = new ConfigDef({
  predicate: {
    type: 'STRING',
    default: null,
    importance: 'MEDIUM',
    doc: 'The name of the predicate that decides to which records this is applied.',
  },
  negate: {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    doc: 'Whether it is applied where the predicate says no.',
  },
});

/** The two keys of an entry of `transforms` or `predicates`. */
export function aliasKeys(options: {
  readonly kind: 'Transformation' | 'Predicate';
  readonly group: string;
  readonly alias: string;
  readonly version: string | null;
  readonly recommender: Recommender;
}): { readonly type: ConfigKeySpec; readonly 'plugin.version': ConfigKeySpec } {
  const { kind, group, alias, version, recommender } = options;
  const what = kind.toLowerCase();
  return {
    type: {
      type: 'CLASS',
      importance: 'HIGH',
      group,
      orderInGroup: 0,
      width: 'LONG',
      displayName: `${kind} type for ${alias}`,
      recommender,
      doc: `The class of the ${what} '${alias}'.`,
    },
    'plugin.version': {
      type: 'STRING',
      default: version,
      importance: 'HIGH',
      group,
      orderInGroup: 1,
      width: 'LONG',
      displayName: `${kind} version for ${alias}`,
      ...(version === null ? {} : { recommender: offering([version]) }),
      doc: `Which version of the ${what} '${alias}' to use.`,
    },
  };
}
