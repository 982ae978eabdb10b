import { paintFor, type Paint } from './paint.ts';

/** Where a command writes; tests bring their own. */
export interface Terminal {
  readonly paint: Paint;
  out(text: string): void;
  error(text: string): void;
}

/** Standard output and standard error. */
export function processTerminal(): Terminal {
  return {
    paint: paintFor(process.stdout),
    out: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(text),
  };
}

/** A value for programs: one JSON text, indented. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
