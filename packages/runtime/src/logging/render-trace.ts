import { javaClassName } from '@sluice/api';

// Causes may form a cycle; a chain this long tells nobody anything more.
const CAUSES_MAX = 20;

/**
 * An error as Java prints a stack trace: class and message, `\tat` lines, then `Caused by:` for
 * each cause. Goes into task status (`trace`), the log and dead-letter headers.
 */
export function renderTrace(thrown: unknown): string {
  const foreign = foreignTrace(thrown);
  if (foreign !== null) return foreign;
  const lines: string[] = [];
  let at: unknown = thrown;
  for (let depth = 0; depth < CAUSES_MAX && at !== undefined && at !== null; depth++) {
    lines.push(`${depth === 0 ? '' : 'Caused by: '}${headline(at)}`, ...frames(at));
    at = at instanceof Error ? at.cause : undefined;
  }
  return lines.join('\n');
}

/** An error that came from another thread carries its trace under this key, ready rendered. */
export const RENDERED_TRACE = Symbol.for('sluice.renderedTrace');

function foreignTrace(thrown: unknown): string | null {
  if (typeof thrown !== 'object' || thrown === null) return null;
  const trace: unknown = Reflect.get(thrown, RENDERED_TRACE);
  return typeof trace === 'string' ? trace : null;
}

/** `java.class.Name: message`, as the first line of a Java trace. */
function headline(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `${javaClassName(thrown)}: ${String(thrown)}`;
  // Errors that Java has no name for keep their own, which says more than RuntimeException.
  const javaName = javaClassName(thrown);
  const isForeign = javaName === 'java.lang.RuntimeException' && thrown.name !== 'Error';
  const name = isForeign ? `${javaName}: ${thrown.name}` : javaName;
  return thrown.message === '' ? name : `${name}: ${thrown.message}`;
}

function frames(thrown: unknown): readonly string[] {
  if (!(thrown instanceof Error) || thrown.stack === undefined) return [];
  const found: string[] = [];
  for (const line of thrown.stack.split('\n')) {
    const frame = line.trimStart();
    if (frame.startsWith('at ')) found.push(`\t${frame}`);
  }
  return found;
}
