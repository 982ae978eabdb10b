import { doubleText } from '../text/float-text.ts';
import type { ConfigKey } from './config-key.ts';

/** Runs a key's validator, if it has one. @throws ConfigError when the value is not acceptable */
export function ensureValid(
  key: Pick<ConfigKey, 'name' | 'type' | 'validator'>,
  value: unknown,
): void {
  const isDouble = key.type === 'DOUBLE' && typeof value === 'number';
  if (isDouble) key.validator?.ensureValid(key.name, value, doubleText(value));
  else key.validator?.ensureValid(key.name, value);
}
