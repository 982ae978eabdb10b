/** Colours for a terminal, and none for anything else. */
export interface Paint {
  good(text: string): string;
  doubtful(text: string): string;
  bad(text: string): string;
  faint(text: string): string;
}

const RESET = '\u001b[0m';

/** What decides: a terminal, and nobody who asks for none (https://no-color.org). */
export function paintFor(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Paint {
  const hasColour = stream.isTTY === true && (environment['NO_COLOR'] ?? '') === '';
  const paint =
    (code: number) =>
    (text: string): string =>
      hasColour ? `\u001b[${code}m${text}${RESET}` : text;
  return { good: paint(32), doubtful: paint(33), bad: paint(31), faint: paint(2) };
}

/** A state of Connect in its colour. */
export function paintState(paint: Paint, state: string): string {
  if (state === 'RUNNING') return paint.good(state);
  return state === 'FAILED' ? paint.bad(state) : paint.doubtful(state);
}
