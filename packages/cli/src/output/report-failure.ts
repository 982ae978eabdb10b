import { RestError } from '@sluice/rest';
import { EXIT_CODE } from '../exit-code.ts';
import type { Terminal } from './terminal.ts';

/** Says what went wrong and answers the exit code for it. */
export function reportFailure(terminal: Terminal, error: unknown): number {
  const { paint } = terminal;
  if (error instanceof RestError) {
    terminal.error(`${paint.bad(`${error.status}`)} ${error.message}\n`);
    return EXIT_CODE.refused;
  }
  terminal.error(
    `${paint.bad('sluice:')} ${error instanceof Error ? error.message : String(error)}\n`,
  );
  return EXIT_CODE.cannotStart;
}
