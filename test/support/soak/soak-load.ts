import type { TempDir } from '@sluice/testing';

type Props = Readonly<Record<string, string>>;

/** A source, its topic, and the sink that reads it. */
export interface SoakPair {
  readonly topic: string;
  readonly source: Props;
  readonly sink: Props;
  /** What the sink writes, by partition. */
  readonly outFile: string;
  /** Bytes that are no JSON come into the topic from elsewhere: the sink has to pass them over. */
  readonly isPoisoned: boolean;
}

export const PAIRS = 10;
export const PARTITIONS = 2;
export const PARTS = 2;

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const TRANSFORMS = 'org.apache.kafka.connect.transforms';
const SOURCE_PAUSE_MS = '100';

/** There and back again, so that the value is the same. */
const HOIST_AND_EXTRACT: Props = {
  transforms: 'hoist,extract',
  'transforms.hoist.type': `${TRANSFORMS}.HoistField$Value`,
  'transforms.hoist.field': 'line',
  'transforms.extract.type': `${TRANSFORMS}.ExtractField$Value`,
  'transforms.extract.field': 'line',
};
const SCHEMALESS: Props = {
  'value.converter': JSON_CONVERTER,
  'value.converter.schemas.enable': 'false',
};

/** What the pairs differ by: for both connectors, for the source, for the sink. */
const KINDS: readonly (readonly [both: Props, source: Props, sink: Props])[] = [
  [{}, {}, {}],
  [{ 'value.converter': JSON_CONVERTER }, {}, {}],
  [{}, HOIST_AND_EXTRACT, {}],
  [{}, {}, HOIST_AND_EXTRACT],
  [
    SCHEMALESS,
    {},
    {
      'errors.tolerance': 'all',
      'errors.deadletterqueue.topic.name': 'soak-rejected',
      'errors.deadletterqueue.topic.replication.factor': '1',
      'errors.deadletterqueue.context.headers.enable': 'true',
    },
  ],
];

/** Ten sources and ten sinks of five kinds. */
export function soakPairs(dir: TempDir): readonly SoakPair[] {
  return Array.from({ length: PAIRS }, (_, i) => {
    const topic = `soak-${i}`;
    const [both, source, sink] = KINDS[i % KINDS.length] ?? [{}, {}, {}];
    const outFile = dir.join(`out-${i}`);
    return {
      topic,
      outFile,
      isPoisoned: both === SCHEMALESS,
      source: {
        name: `${topic}-source`,
        'connector.class': 'io.sluice.test.LedgerSource',
        topic,
        parts: Array.from({ length: PARTS }, (_part, part) => part).join(','),
        ledger: dir.join(`ledger-${i}`),
        'pause.ms': SOURCE_PAUSE_MS,
        ...both,
        ...source,
      },
      sink: {
        name: `${topic}-sink`,
        'connector.class': 'io.sluice.test.LedgerSink',
        topics: topic,
        file: outFile,
        ...both,
        ...sink,
      },
    };
  });
}
