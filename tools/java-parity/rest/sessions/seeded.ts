import type { Step } from '../../../../packages/rest/test/parity/session.ts';
import { ask } from './builder.ts';

/** Raise it to get other bodies; the same seed gives the same. */
const SEED = 20_261_121;
const BODIES = 80;
const MUTATIONS_MAX = 2;

/** Bodies that no mutation makes a valid connector of: its class is not there. */
const TEMPLATES: readonly string[] = [
  '{"name":"seeded","config":{"connector.class":"Nope","tasks.max":12,"a":true,"b":null}}',
  '{ "name" : "seeded", "initial_state": "PAUSED",\n "config": { "connector.class": "Nope" } }',
  '{"config":{"connector.class":"Nope","x":"q\\"uo\\u0074ed\\n"},"name":"seeded"}',
];
const PIECES: readonly string[] = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  'n',
  '1',
  '-',
  '.',
  'e5',
  'null',
  'true',
  ' ',
  '\n',
  '\t',
  '/',
  '#',
  "'",
  'é',
  '☃',
  '{}',
  '[]',
  '""',
];

/** Valid bodies with a character or two taken out, put in or swapped. */
export const SEEDED_STEPS: readonly Step[] = seededBodies().map((body) =>
  ask('POST', '/connectors', body),
);

function seededBodies(): readonly string[] {
  const random = generator(SEED);
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const bodies = new Set<string>();
  while (bodies.size < BODIES) {
    let body = pick(TEMPLATES) ?? '';
    const mutations = 1 + Math.floor(random() * MUTATIONS_MAX);
    for (let done = 0; done < mutations; done++) {
      const at = Math.floor(random() * body.length);
      const isInserted = random() < 0.5;
      const piece = random() < 0.3 ? '' : (pick(PIECES) ?? '');
      body = body.slice(0, at) + piece + body.slice(isInserted ? at : at + 1);
    }
    bodies.add(body);
  }
  return [...bodies];
}

/** mulberry32: 0 to 1, the same for the same seed on every machine. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
