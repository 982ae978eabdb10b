import { createContext, Script, type Context } from 'node:vm';
import { ConfigError } from '@sluice/api';
import { SANDBOX_BOOTSTRAP } from './sandbox-bootstrap.ts';

/** What an expression can name, in the order of the parameters of a compiled expression. */
const BINDINGS = ['key', 'value', 'keySchema', 'valueSchema', 'topic', 'header'] as const;
export type BindingName = (typeof BINDINGS)[number];

/** How long one record may take where an expression could run for ever. */
const TIMEOUT_MS = 1000;

/** Words and signs without which an expression ends by itself. */
const MAY_NOT_END =
  /=>|[`/]|\b(?:function|class|while|for|do|async|yield|eval|Function|RegExp|import|get|set)\b/;
const STRINGS = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;

/** Gives the JSON text of a binding. */
export type BindingSource = (name: BindingName) => string;

/**
 * Runs a JavaScript expression over data, again and again, in a context of its own: no `require`,
 * no `process`, no timers, no code from strings, globals that can't be changed. Data goes in as
 * copies made inside, so nothing of the worker can be reached through them.
 *
 * What it does not protect against: Node's `vm` is no border for hostile code. It keeps mistakes
 * in, not attackers; an expression can also use up memory. Whoever may configure a connector is
 * trusted that far, here as in Kafka Connect.
 */
export class ExpressionSandbox {
  readonly #context: Context;
  readonly #names: readonly BindingName[];
  readonly #run: (values: readonly unknown[]) => unknown;
  readonly #parse: (text: string) => unknown;

  /** @throws ConfigError when it is no JavaScript */
  constructor(expression: string) {
    const code = expression.replaceAll(STRINGS, '""');
    this.#names = BINDINGS.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
    this.#context = createContext(Object.create(null), {
      codeGeneration: { strings: false, wasm: false },
      microtaskMode: 'afterEvaluate',
    });
    this.#parse = asFunction(new Script(SANDBOX_BOOTSTRAP).runInContext(this.#context));
    this.#run = MAY_NOT_END.test(code)
      ? this.#guarded(expression)
      : (this.#compiled(expression) ?? this.#guarded(expression));
  }

  /** The value of the expression. What it throws is passed on. */
  evaluate(source: BindingSource): unknown {
    return this.#run(this.#names.map((name) => this.#parse(source(name))));
  }

  /** A function, called directly; `null` when the text is no single expression. */
  #compiled(expression: string): ((values: readonly unknown[]) => unknown) | null {
    const parameters = this.#names.join(',');
    try {
      const code = `(function(${parameters}){"use strict";return (${expression}\n);})`;
      const made = asFunction(new Script(code).runInContext(this.#context));
      return (values) => made(...values);
    } catch (error) {
      if (!isSyntaxError(error)) throw error;
      return null;
    }
  }

  /** A script run with a time limit, which costs much more. */
  #guarded(expression: string): (values: readonly unknown[]) => unknown {
    const script = scriptOf(expression);
    return (values) => {
      for (const [index, name] of this.#names.entries()) this.#context[name] = values[index];
      return script.runInContext(this.#context, { timeout: TIMEOUT_MS });
    };
  }
}

function scriptOf(expression: string): Script {
  try {
    return new Script(expression);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`Failed to parse expression '${expression}': ${reason}`, { cause });
  }
}

/** An error of another context is no instance of ours. */
function isSyntaxError(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && Reflect.get(error, 'name') === 'SyntaxError'
  );
}

function asFunction(value: unknown): (...args: readonly unknown[]) => unknown {
  if (typeof value === 'function') return (...args) => Reflect.apply(value, undefined, args);
  throw new TypeError('The sandbox has made no function.');
}
