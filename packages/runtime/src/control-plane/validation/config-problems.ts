import { messageWithOrigin, type ConfigOrigins } from '@sluice/api';
import type { ConfigInfos, ConnectorConfigInput } from '@sluice/rest';
import { valueMessage } from '../../config/origin-message.ts';

/**
 * How an error about a value begins. Others of a key that is not set complain that it is missing,
 * for which its default is not to blame.
 */
const WRONG_VALUE = 'Invalid value ';

/** Every error of a validation, key by key, each with where the value was written. */
export function configProblems(
  infos: ConfigInfos,
  config: ConnectorConfigInput,
  origins: ConfigOrigins,
): readonly string[] {
  return infos.configs.flatMap(({ definition, value }) => {
    if (value === null) return [];
    const { name, errors } = value;
    const hasDefault = definition !== null && !definition.required;
    return errors.map((message) => {
      if (Object.hasOwn(config, name)) return valueMessage(message, name, origins.get(name));
      const isOfDefault = hasDefault && message.startsWith(WRONG_VALUE);
      return isOfDefault ? messageWithOrigin(message, name, { kind: 'default' }) : message;
    });
  });
}
