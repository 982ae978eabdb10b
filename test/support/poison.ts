/** What a topic of JSON may hold: each with what must come of it. */
export interface PoisonCase {
  readonly what: string;
  readonly bytes: Buffer;
  /** The line that a sink of JSON lines writes; `null`: it is poison. */
  readonly line: string | null;
}

const DEPTH = 10_000;

function good(what: string, text: string, line = text): PoisonCase {
  return { what, bytes: Buffer.from(text), line };
}

function bad(what: string, bytes: string | readonly number[]): PoisonCase {
  return {
    what,
    bytes: typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes),
    line: null,
  };
}

/** Fault F24's: a value arrives as it was, or is refused; it is never another one. */
export const POISON_CASES: readonly PoisonCase[] = [
  good('a plain object', '{"a":1}'),
  bad('JSON that ends early', '{"a":'),
  good('an integer beyond the doubles', '{"n":9007199254740993}'),
  bad('no JSON at all', 'hello'),
  good('the largest INT64', '{"n":9223372036854775807}'),
  bad('a schema registry’s magic byte', [0, 0, 0, 0, 7, 2, 97]),
  good('a key that is a prototype elsewhere', '{"__proto__":{"polluted":1}}'),
  bad('two values', '{"a":1} {"a":2}'),
  good('a surrogate pair', '{"s":"😀"}', '{"s":"\\uD83D\\uDE00"}'),
  bad('a bare word', '{"a":NaN}'),
  bad('a comma too many', '[1,2,]'),
  good('a lone surrogate', '{"s":"\\ud800"}', '{"s":"\\uD800"}'),
  bad('ten thousand brackets', '['.repeat(DEPTH) + ']'.repeat(DEPTH)),
  good('the last one', '{"z":26}'),
];
