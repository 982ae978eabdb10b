import { RestError } from '../../contract/rest-error.ts';

/** The path and query of a request line, taken apart. */
export interface RequestTarget {
  /** As it was asked for, without the query. */
  readonly path: string;
  /** Percent-decoded, without a path's matrix parameters; none for `/`. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
}

/** What stands before the path where the client takes this for a proxy. */
const ORIGIN = /^https?:\/\/[^/?#]*/i;
/** Stands for `OPTIONS *` and for whatever is no path: no resource has it. */
const NOWHERE: readonly string[] = ['*', '*', '*', '*', '*', '*', '*'];

/**
 * Takes a request target apart as Java's web server does: one slash at the end is nothing, an empty
 * segment or a segment that is only dots when decoded is refused, and so is broken percent-encoding.
 *
 * @throws RestError 400
 */
export function parseTarget(target: string): RequestTarget {
  const withoutFragment = cut(target.replace(ORIGIN, ''), '#') || '/';
  const path = cut(withoutFragment, '?');
  const query = new URLSearchParams(withoutFragment.slice(path.length));
  if (path !== '' && !path.startsWith('/')) return { path, segments: NOWHERE, query };
  const parts = path.slice(1).split('/');
  if (parts.at(-1) === '') parts.pop();
  return { path, segments: parts.map(decodedSegment), query };
}

function decodedSegment(raw: string): string {
  const encoded = cut(raw, ';');
  if (encoded === '') throw badPath('a part of it is empty');
  let segment: string;
  try {
    segment = decodeURIComponent(encoded);
  } catch {
    throw badPath('it is not valid percent-encoding of UTF-8');
  }
  const isHiddenDots = segment !== encoded && (segment === '.' || segment === '..');
  if (isHiddenDots || segment.includes('\0'))
    throw badPath('dots or a zero byte are encoded in it');
  return segment;
}

function cut(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at === -1 ? text : text.slice(0, at);
}

function badPath(why: string): RestError {
  return new RestError(400, `The path of the request is refused: ${why}.`);
}
