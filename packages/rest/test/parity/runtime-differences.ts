import type { Difference } from './recording.ts';
import type { KnownDifference } from './known-differences.ts';

/** Where the worker behind the server answers otherwise on purpose: `docs/DIFFERENCES.md` too. */
export const RUNTIME_DIFFERENCES: readonly KnownDifference[] = [
  {
    what: 'lists of plug-ins',
    why: 'this worker brings more than a bare Java installation; what Java lists is there',
    covers: (difference) =>
      /^\/connector-plugins\/?(\?|$)/.test(difference.ask.path) && hasAllOfJavas(difference),
  },
  {
    what: 'recommended values out of the list of plug-ins',
    why: 'as above',
    covers: ({ ask, java, ours }) =>
      ask.path.endsWith('/validate') &&
      java.status === ours.status &&
      (ask.body ?? '').includes('"transforms"'),
  },
  {
    what: '$Key and $Value by their simple names',
    why: 'Java knows them by their full class names alone',
    covers: ({ ask, java, ours }) =>
      ask.path.includes('/HoistField$Value/') && java.status === 404 && ours.status === 200,
  },
  {
    what: 'topics of a connector that was deleted',
    why: 'they are forgotten with it; Java (standalone) keeps them for the next of that name',
    covers: ({ ask, java, ours }) =>
      ask.path === '/connectors/src/topics' &&
      java.body === '{"src":{"topics":["parity"]}}' &&
      ours.body === '{"src":{"topics":[]}}',
  },
  {
    what: 'offsets that Kafka refuses: 500 without the reason',
    why: 'the reason is told behind the same sentence',
    covers: ({ java, ours }) =>
      java.status === 500 &&
      ours.status === 500 &&
      java.body.includes('Failed to alter consumer group offsets') &&
      ours.body.startsWith(java.body.replace(/"\}$/, '')),
  },
];

function hasAllOfJavas({ java, ours }: Difference): boolean {
  const classes = (body: string): readonly string[] =>
    [...body.matchAll(/"class":"([^"]+)","type":"([^"]+)"/g)].map(([whole]) => whole);
  const here = new Set(classes(ours.body));
  return classes(java.body).every((one) => here.has(one));
}
