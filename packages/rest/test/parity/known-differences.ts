/**
 * Where our answers differ from Java's on purpose. Each is a row of `docs/DIFFERENCES.md`. What a
 * rule makes equal is compared; the rest of the answer still has to be the same.
 */
import type { Answer, Ask } from './exchange.ts';
import type { Difference } from './recording.ts';

/** An answer without what always differs, for both sides alike. */
export function simplified(answer: Answer, ask: Ask): Answer {
  return RULES.reduce((made, rule) => rule(made, ask), answer);
}

type Rule = (answer: Answer, ask: Ask) => Answer;

function bodyRule(pattern: RegExp, replacement: string): Rule {
  return (answer) => ({ ...answer, body: answer.body.replaceAll(pattern, replacement) });
}

/** Errors that come up before a resource is reached. */
const UNTYPED_STATUSES: ReadonlySet<number> = new Set([404, 405, 406, 415]);

const RULES: readonly Rule[] = [
  // Ours carry their type always: an error body is JSON, so that clients need not guess.
  (answer) => {
    if (!UNTYPED_STATUSES.has(answer.status)) return answer;
    const { 'content-type': _type, ...headers } = answer.headers;
    return { ...answer, headers };
  },
  // Java keeps the methods of CORS in a set without order.
  (answer) => {
    const methods = answer.headers['access-control-allow-methods'];
    if (methods === undefined) return answer;
    const ordered = methods.split(',').sort().join(',');
    return { ...answer, headers: { ...answer.headers, 'access-control-allow-methods': ordered } };
  },
  // The worker tells its own version, behind Kafka's.
  bodyRule(/("version":"4\.3\.1)[^"]*","commit":"[^"]*"/g, '$1","commit":""'),
  // Our texts are our own.
  bodyRule(/"documentation":"(?:[^"\\]|\\.)*"/g, '"documentation":""'),
  bodyRule(/"trace":"(?:[^"\\]|\\.)*"/g, '"trace":""'),
  // The plug-ins that are known here, and the class of an error that Java wraps now and then.
  bodyRule(/available connectors are: (?:[^"\\]|\\.)*"/g, 'available connectors are: ..."'),
  bodyRule(/org\.apache\.kafka\.connect\.errors\.ConnectException: (?=Failed to find)/g, ''),
  bodyRule(/(Class \S+ could not be found\.)(?:[^"\\]|\\")*/g, '$1'),
  bodyRule(/Connector config \{(?:[^"\\]|\\.)*\} contains/g, 'Connector config {...} contains'),
  // The order of a Java hash map is none.
  (answer, { path }) =>
    path.includes('/offsets') ? { ...answer, body: sorted(answer.body) } : answer,
];

function sorted(body: string): string {
  const list = /^\{"offsets":\[(.*)\]\}$/.exec(body)?.[1];
  if (list === undefined) return body;
  const entries = list.split(/(?<=\}),(?=\{"partition")/).map(normalKeys);
  return `{"offsets":[${entries.sort().join(',')}]}`;
}

/** Java writes the keys of a sink's partition in hash order. */
function normalKeys(entry: string): string {
  return entry.replace(
    /"kafka_partition":(\d+),"kafka_topic":("[^"]*")/,
    '"kafka_topic":$2,"kafka_partition":$1',
  );
}

/** A difference that stays, with its reason. */
export interface KnownDifference {
  readonly what: string;
  readonly why: string;
  covers(difference: Difference): boolean;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    what: 'paths that the web server refuses: an HTML page, or no body',
    why: 'error bodies are JSON (R1.02); the status is the same',
    covers: ({ java, ours }) =>
      java.headers['cache-control']?.startsWith('must-revalidate') === true &&
      java.status === ours.status &&
      (ours.body === '' || ours.body.startsWith(`{"error_code":${java.status}`)),
  },
  {
    what: '%2F, %25 and %5C in a path: 400',
    why: 'names may hold slashes (R1.47)',
    covers: ({ ask, java, ours }) =>
      /%(2F|25|5C)/i.test(ask.path) && java.status === 400 && ours.status === 404,
  },
  {
    what: 'bodies that are null: the text of a null pointer error',
    why: 'says what is missing',
    covers: ({ java, ours }) =>
      java.status === 500 && ours.status === 500 && java.body.includes('Cannot invoke \\"'),
  },
  {
    what: 'a command to a connector that is not there: 500, in standalone mode only',
    why: 'the distributed worker answers 404',
    covers: ({ ask, java, ours }) =>
      /\/nope\/(stop|restart|tasks\/0\/restart)$/.test(ask.path) &&
      java.status === 500 &&
      ours.status === 404,
  },
  {
    what: 'malformed JSON whose mistake comes after a mis-shaped value, or is no UTF-8',
    why: 'Java binds while it reads and we read first: the status is the same, the text is about the other mistake',
    covers: ({ java, ours }) =>
      java.status === 500 &&
      ours.status === 500 &&
      java.body.includes('INCLUDE_SOURCE_IN_LOCATION') &&
      ours.body.includes('INCLUDE_SOURCE_IN_LOCATION'),
  },
];
