/** `Accept` and `Content-Type`, read as Jersey reads them. */

const JSON_TYPE = 'application/json';

/** Which JSON type an `Accept` header asks for, with its parameters; null when none is admitted. */
export function acceptedJson(accept: string | undefined): string | null {
  if (accept === undefined || accept.trim() === '') return JSON_TYPE;
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (type === '*/*' || type === 'application/*') return JSON_TYPE;
    if (type !== JSON_TYPE) continue;
    const named = parameters.filter((parameter) => !parameter.startsWith('q='));
    return [JSON_TYPE, ...named].join(';');
  }
  return null;
}

/** Whether an `Accept` header admits plain text. No header admits everything. */
export function acceptsText(accept: string | undefined): boolean {
  return accept === undefined || /(^|[\s,])(\*\/\*|text\/(\*|plain))/i.test(accept);
}

/** What a body's type means for a request: taken, refused with 415, or no type at all (400). */
export function bodyTypeVerdict(contentType: string | undefined): 'taken' | 'refused' | 'broken' {
  if (contentType === undefined) return 'taken';
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === JSON_TYPE) return 'taken';
  return /^[^/\s]+\/[^/\s]+$/.test(type) ? 'refused' : 'broken';
}
