import { ConfigError } from '../errors/config-error.ts';
import type { ConfigKey } from './config-key.ts';
import type { ConfigValue } from './config-value.ts';
import { ensureValid } from './ensure-valid.ts';
import { parseType } from './parse-type.ts';

type Keys = ReadonlyMap<string, ConfigKey>;

interface Draft {
  value: unknown;
  recommendedValues: readonly unknown[];
  readonly errorMessages: string[];
  visible: boolean;
}

/**
 * Every key with its value and everything that is wrong with it, in the order of definition; keys
 * that are named as dependents without being defined come last, invisible. Mirrors
 * `ConfigDef.validateAll`: parents before dependents, validators run even where parsing failed.
 */
export function validateAll(
  keys: Keys,
  props: Readonly<Record<string, unknown>>,
): readonly ConfigValue[] {
  const drafts = new Map<string, Draft>();
  for (const name of keys.keys()) drafts.set(name, newDraft());
  for (const name of undefinedDependents(keys)) drafts.set(name, undefinedDraft(name));
  const parsed: Record<string, unknown> = {};
  const roots = keysWithoutParent(keys);
  for (const key of roots) parseTree(key, keys, props, parsed, drafts, new Set());
  for (const key of roots) recommendTree(key, keys, parsed, drafts, new Set());
  return [...drafts].map(([name, draft]) => ({ name, ...draft }));
}

function newDraft(): Draft {
  return { value: null, recommendedValues: [], errorMessages: [], visible: true };
}

function undefinedDraft(name: string): Draft {
  const message = `${name} is referred in the dependents, but not defined.`;
  return { value: null, recommendedValues: [], errorMessages: [message], visible: false };
}

function undefinedDependents(keys: Keys): ReadonlySet<string> {
  const named = [...keys.values()].flatMap((key) => key.dependents);
  return new Set(named.filter((name) => !keys.has(name)));
}

function keysWithoutParent(keys: Keys): readonly ConfigKey[] {
  const dependents = new Set([...keys.values()].flatMap((key) => key.dependents));
  return [...keys.values()].filter((key) => !dependents.has(key.name));
}

/** `above` guards against keys that depend on each other. */
function parseTree(
  key: ConfigKey,
  keys: Keys,
  props: Readonly<Record<string, unknown>>,
  parsed: Record<string, unknown>,
  drafts: ReadonlyMap<string, Draft>,
  above: ReadonlySet<string>,
): void {
  const draft = drafts.get(key.name);
  if (draft === undefined || above.has(key.name)) return;
  draft.value = null;
  collect(draft, () => {
    draft.value = valueOf(key, props);
  });
  collect(draft, () => ensureValid(key, draft.value));
  parsed[key.name] = draft.value;
  for (const child of dependentsOf(key, keys)) {
    parseTree(child, keys, props, parsed, drafts, new Set([...above, key.name]));
  }
}

function valueOf(key: ConfigKey, props: Readonly<Record<string, unknown>>): unknown {
  if (Object.hasOwn(props, key.name)) return parseType(key.name, props[key.name], key.type);
  if (key.hasDefault) return key.defaultValue;
  throw new ConfigError(`Missing required configuration "${key.name}" which has no default value.`);
}

function recommendTree(
  key: ConfigKey,
  keys: Keys,
  parsed: Readonly<Record<string, unknown>>,
  drafts: ReadonlyMap<string, Draft>,
  above: ReadonlySet<string>,
): void {
  const draft = drafts.get(key.name);
  if (draft === undefined || above.has(key.name)) return;
  const { recommender } = key;
  if (recommender !== null) {
    collect(draft, () => {
      const offered = recommender.validValues(key.name, parsed);
      const earlier = draft.recommendedValues;
      draft.recommendedValues =
        earlier.length === 0 ? offered : offered.filter((value) => earlier.includes(value));
      draft.visible = recommender.visible(key.name, parsed);
    });
  }
  for (const child of dependentsOf(key, keys)) {
    recommendTree(child, keys, parsed, drafts, new Set([...above, key.name]));
  }
}

function dependentsOf(key: ConfigKey, keys: Keys): readonly ConfigKey[] {
  return key.dependents.flatMap((name) => keys.get(name) ?? []);
}

/** Runs a check; what it complains about goes to the key, anything else goes on. */
function collect(draft: Draft, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    draft.errorMessages.push(error.message);
  }
}
