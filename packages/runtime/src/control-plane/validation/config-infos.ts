/** Validation results in the form that REST gives them (R1.64 to R1.66). */
import { configValueToString, type ConfigKey, type ConfigValue } from '@sluice/api';
import type { ConfigInfos, ConfigKeyInfo, ConfigValueInfo } from '@sluice/rest';

type ConfigInfo = ConfigInfos['configs'][number];

/** A key's definition as REST shows it. */
export function configKeyInfo(key: ConfigKey, prefix = ''): ConfigKeyInfo {
  return {
    name: prefix + key.name,
    type: key.type,
    required: !key.hasDefault,
    default_value: key.hasDefault ? configValueToString(key.defaultValue, key.type) : null,
    importance: key.importance,
    documentation: key.documentation,
    group: key.group,
    order_in_group: key.orderInGroup,
    width: key.width,
    display_name: key.displayName,
    dependents: key.dependents,
  };
}

/** A key's definition and value; a key that no definition knows has a null in its place. */
export function configInfo(
  key: ConfigKey | undefined,
  value: ConfigValue | undefined,
  prefix = '',
): ConfigInfo {
  return {
    definition: key === undefined ? null : configKeyInfo(key, prefix),
    value: value === undefined ? null : configValueInfo(key, value, prefix),
  };
}

function configValueInfo(
  key: ConfigKey | undefined,
  value: ConfigValue,
  prefix: string,
): ConfigValueInfo {
  const text = (one: unknown): string | null => configValueToString(one, key?.type ?? 'STRING');
  return {
    name: prefix + value.name,
    value: text(value.value),
    recommended_values: value.recommendedValues.map((one) => text(one) ?? ''),
    errors: [...value.errorMessages],
    visible: value.visible,
  };
}
