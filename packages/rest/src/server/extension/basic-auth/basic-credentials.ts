import { RestError } from '../../../contract/rest-error.ts';

/** A user and a password as a client sent them. */
export interface BasicCredentials {
  readonly user: string;
  readonly password: string;
}

/**
 * Reads an `Authorization` header; null for none, for another scheme and for what has no colon.
 *
 * @throws RestError 500 when it is no base64, which Java answers so
 */
export function parseBasicCredentials(header: string | null): BasicCredentials | null {
  if (header === null) return null;
  const space = header.indexOf(' ');
  if (space <= 0 || header.slice(0, space).toLowerCase() !== 'basic') return null;
  const text = decodeBase64(header.slice(space + 1));
  const colon = text.indexOf(':');
  if (colon <= 0) return null;
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Stricter than Node's, as Java's is. */
function decodeBase64(text: string): string {
  const digits = text.replace(/={0,2}$/, '');
  const illegal = /[^A-Za-z0-9+/]/.exec(digits)?.[0];
  if (illegal !== undefined)
    throw new RestError(500, `Illegal base64 character ${illegal.charCodeAt(0).toString(16)}`);
  const hasPadding = digits.length < text.length;
  if (digits.length % 4 === 1 || (hasPadding && text.length % 4 !== 0))
    throw new RestError(500, 'Input byte array has wrong 4-byte ending unit');
  return Buffer.from(digits, 'base64').toString('utf8');
}
