import {
  ConfigError,
  ConnectError,
  caseInsensitiveValidString,
  type AnyRecord,
  type ConfigKeySpec,
  type Transformation,
} from '@sluice/api';
import { recordText } from '../record/record-text.ts';
import { JavaRegex } from '@sluice/api/java-regex';
import { validRegex } from '../text/regex-validator.ts';
import { bindingsOf } from './binding-text.ts';
import { ExpressionSandbox } from './expression-sandbox.ts';

/** Names of JavaScript that are accepted as `language`. */
const JAVASCRIPT: readonly string[] = ['graal.js', 'js', 'javascript', 'nashorn', 'ecmascript'];
const PREFIX = 'jsr223.';

/** The keys that Debezium's scripting transformations share. */
export const SCRIPTING_CONFIG = {
  'topic.regex': {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    width: 'LONG',
    validator: { ...validRegex(), ensureValid: ensureRegexOrNull },
    doc: 'Only records of topics that match it are looked at; default: all.',
  },
  language: {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    width: 'MEDIUM',
    doc: 'jsr223.graal.js: the expression is JavaScript. Groovy can not be run here.',
  },
  'null.handling.mode': {
    type: 'STRING',
    default: 'keep',
    importance: 'LOW',
    width: 'SHORT',
    validator: caseInsensitiveValidString('drop', 'keep', 'evaluate'),
    doc: 'What becomes of records without value: keep, drop, or evaluate the expression.',
  },
} as const satisfies Readonly<Record<string, ConfigKeySpec>>;

/** The values of the shared keys, and the expression. */
export interface ScriptingOptions {
  readonly topicRegex: string | null;
  readonly language: string | null;
  readonly nullHandling: string;
  readonly expression: string | null;
}

/** What Debezium's scripting transformations share; a subclass says what the answer means. */
export abstract class ScriptingTransformation implements Transformation {
  #expression = '';
  #sandbox: ExpressionSandbox | null = null;
  #nullHandling = 'keep';
  #topicRegex: JavaRegex | null = null;

  abstract configure(props: Readonly<Record<string, string>>): void;

  /** Decides what becomes of a record, given what the expression says of it. */
  protected abstract decide<R extends AnyRecord>(record: R, answer: unknown): R | null;

  protected setUp(options: ScriptingOptions): void {
    const { topicRegex, expression } = options;
    requireJavaScript(options.language);
    if (expression === null || expression.trim() === '') {
      throw new ConfigError('The provided configuration is not valid: the expression is missing.');
    }
    this.#expression = expression;
    this.#sandbox = new ExpressionSandbox(expression);
    this.#nullHandling = options.nullHandling.toLowerCase();
    this.#topicRegex = topicRegex === null || topicRegex === '' ? null : new JavaRegex(topicRegex);
  }

  apply<R extends AnyRecord>(record: R): R | null {
    if (this.#topicRegex?.matches(record.topic) === false) return record;
    if (record.value === null && this.#nullHandling === 'keep') return record;
    if (record.value === null && this.#nullHandling === 'drop') return null;
    return this.decide(record, this.#evaluate(record));
  }

  #evaluate(record: AnyRecord): unknown {
    try {
      return this.#sandbox?.evaluate(bindingsOf(record)) ?? null;
    } catch (cause) {
      throw this.failed(record, String(cause));
    }
  }

  /** The error of an expression that could not be used. */
  protected failed(record: AnyRecord, reason: string): ConnectError {
    return new ConnectError(
      `Error while evaluating expression '${this.#expression}' for record ` +
        `'${recordText(record)}': ${reason}`,
    );
  }
}

/** @throws ConfigError that says what to do */
function requireJavaScript(language: string | null): void {
  if (language === null) {
    throw new ConfigError(
      'The provided configuration is not valid: language is missing. Set it to jsr223.graal.js.',
    );
  }
  const isPlain = JAVASCRIPT.includes(language.toLowerCase());
  if (isPlain || JAVASCRIPT.includes(language.toLowerCase().replace(PREFIX, ''))) return;
  throw ConfigError.ofValue(
    'language',
    language,
    'only JavaScript expressions can be run here. Set language to jsr223.graal.js and write the ' +
      'expression in JavaScript; most Groovy ones need no change but to the quotes around `$`, ' +
      "for instance value.op == 'u' && value.before.id == 2",
  );
}

function ensureRegexOrNull(name: string, value: unknown): void {
  if (value !== null) validRegex().ensureValid(name, value);
}
