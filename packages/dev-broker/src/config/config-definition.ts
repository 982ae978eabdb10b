/** Types as Kafka's ConfigDef names them. */
type ConfigType = 'BOOLEAN' | 'STRING' | 'INT' | 'LONG' | 'DOUBLE' | 'LIST';

/** One config key. Values are kept as their text, as Kafka keeps them. */
export interface ConfigDefinition {
  readonly name: string;
  readonly type: ConfigType;
  readonly default: string;
  readonly min?: number;
  readonly max?: number;
  /** The only texts allowed; of each element for a LIST. */
  readonly values?: readonly string[];
  readonly doc: string;
}

/** Kafka's `Long.MAX_VALUE`, where it means "no limit". */
export const LONG_MAX_TEXT = '9223372036854775807';
const INT_MAX = 0x7fff_ffff;

/** Why the text can't be the key's value, or `null` when it can. */
export function configProblem(definition: ConfigDefinition, text: string): string | null {
  const problem = problemWith(definition, text.trim());
  return problem === null
    ? null
    : `Invalid value ${text} for configuration ${definition.name}: ${problem}`;
}

function problemWith(definition: ConfigDefinition, text: string): string | null {
  switch (definition.type) {
    case 'BOOLEAN':
      return /^(true|false)$/i.test(text) ? null : 'Expected value to be either true or false';
    case 'STRING':
      return valueProblem(definition, text);
    case 'LIST': {
      const wrong = listOf(text).find((item) => valueProblem(definition, item) !== null);
      return wrong === undefined ? null : valueProblem(definition, wrong);
    }
    case 'INT':
    case 'LONG':
      return numberProblem(definition, text, /^[+-]?\d+$/);
    case 'DOUBLE':
      return numberProblem(definition, text, /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i);
    default:
      return definition.type satisfies never;
  }
}

function valueProblem(definition: ConfigDefinition, text: string): string | null {
  if (definition.values === undefined || definition.values.includes(text)) return null;
  return `String must be one of: ${definition.values.join(', ')}`;
}

function numberProblem(definition: ConfigDefinition, text: string, form: RegExp): string | null {
  const value = Number(text);
  if (!form.test(text) || (definition.type === 'INT' && Math.abs(value) > INT_MAX)) {
    return `Not a number of type ${definition.type}`;
  }
  if (definition.min !== undefined && value < definition.min) {
    return `Value must be at least ${definition.min}`;
  }
  if (definition.max !== undefined && value > definition.max) {
    return `Value must be no more than ${definition.max}`;
  }
  return null;
}

/** The elements of a LIST. */
export function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
