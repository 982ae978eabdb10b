import { ConfigDef } from '../config/config-def.ts';
import type { ConfigKeySpec } from '../config/config-key.ts';
import type { Validator, ValidatorDescription } from '../config/validator.ts';
import {
  atMostOfSize,
  caseInsensitiveValidString,
  composite,
  lambdaValidator,
  nonEmptyString,
  nonEmptyStringWithoutControlChars,
  nonNull,
  range,
  validList,
  validString,
} from '../config/validators.ts';
import type { ConfigKeyDescription, PluginDescription } from './plugin-description.ts';

/**
 * The ConfigDef of a described plug-in. Validators and recommenders that are code are missing in
 * it: where {@link needsCode} says so, import the plug-in to validate in full.
 */
export function describedConfig(plugin: PluginDescription): ConfigDef {
  return new ConfigDef(Object.fromEntries(plugin.config.map((key) => [key.name, specOf(key)])));
}

/** Whether some key's validator or recommender exists as code only. */
export function needsCode(plugin: PluginDescription): boolean {
  return plugin.config.some((key) => {
    return key.isRecommended === true || (key.validator !== undefined && isCode(key.validator));
  });
}

function isCode(validator: ValidatorDescription): boolean {
  if (validator.kind === 'composite') return validator.validators.some(isCode);
  return validator.kind === 'code';
}

function specOf(key: ConfigKeyDescription): ConfigKeySpec {
  const { validator, isRecommended: _, ...same } = key;
  return validator === undefined ? same : { ...same, validator: validatorOf(validator) };
}

/** The validator that a description stands for; code checks nothing here. */
export function validatorOf(description: ValidatorDescription): Validator {
  switch (description.kind) {
    case 'range':
      return range(description.min, description.max);
    case 'valid-string':
      return validString(...description.values);
    case 'case-insensitive-valid-string':
      return caseInsensitiveValidString(...description.values);
    case 'valid-list':
      return validList(description.values, description);
    case 'non-null':
      return nonNull();
    case 'non-empty-string':
      return nonEmptyString();
    case 'non-empty-string-without-control-chars':
      return nonEmptyStringWithoutControlChars();
    case 'list-size':
      return atMostOfSize(description.max);
    case 'composite':
      return composite(...description.validators.map(validatorOf));
    case 'code':
    default:
      return lambdaValidator(() => {}, description.text);
  }
}
