import type { JsonSyntaxError } from '@sluice/rest';

/** What people write that is no JSON, seen from where reading it failed, and what to do. */
const SLIPS: readonly { readonly pattern: RegExp; readonly advice: string }[] = [
  { pattern: /^\/[/*]|^#/, advice: 'JSON has no comments: take them out' },
  { pattern: /^\{\{|^\{%/, advice: 'This is a template: give Sluice what it renders' },
  { pattern: /^\.\.\./, advice: 'Something was left out here: fill it in' },
  { pattern: /^\$|^%[a-z]/, advice: 'Variables are not replaced here: put their values in first' },
  { pattern: /^[}\]]/, advice: 'There is a comma too many before it, or a value is missing' },
  {
    pattern: /^\\?'/,
    advice: 'In JSON an apostrophe has no backslash, and strings stand in double quotes',
  },
];

/**
 * A sentence on what was probably meant where a text stopped being JSON, after a blank; empty when
 * nothing can be guessed. It shows nothing of the text, which may hold secrets.
 */
export function jsonAdvice(text: string, { line, column }: JsonSyntaxError): string {
  const written = text.split('\n')[line - 1] ?? '';
  const rest = written.slice(column - 1);
  // Reading an escape or a second brace fails one character after its beginning.
  const before = written.slice(Math.max(0, column - 2));
  const slip = SLIPS.find(({ pattern }) => pattern.test(rest) || pattern.test(before));
  return slip === undefined ? '' : ` ${slip.advice}.`;
}
