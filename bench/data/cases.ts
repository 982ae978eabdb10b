import { ORDER_100, ORDER_1000, ORDER_250, type OrderSpec } from './orders.ts';

type Props = Readonly<Record<string, string>>;

/** A transformation of Kafka's, by its class without the package. */
export interface Step {
  readonly name: string;
  readonly props: Props;
}

/** What both sides do; sent to them as JSON. */
export interface Case {
  readonly title: string;
  /** Ours may cost this part of Java's CPU time. */
  readonly goal: number;
  readonly kind: 'write' | 'read' | 'build' | 'transform';
  readonly order: OrderSpec;
  readonly isStruct: boolean;
  /** The order stands in another map or struct. */
  readonly isNested: boolean;
  /** The value is a text instead, `order-1000017`. */
  readonly isText: boolean;
  /** Of `write` and `read`: the class, and its config. */
  readonly converter: string;
  readonly props: Props;
  /** Ours writes into a sink and reads from a range, as the worker does where a converter can. */
  readonly isDirect: boolean;
  /** Of `transform`. */
  readonly steps: readonly Step[];
}

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const STRING_CONVERTER = 'org.apache.kafka.connect.storage.StringConverter';
const AT_JAVA = 1;
const A_THIRD = 1 / 3;

const NOTHING = {
  goal: AT_JAVA,
  order: ORDER_250,
  isStruct: false,
  isNested: false,
  isText: false,
  converter: JSON_CONVERTER,
  props: {},
  isDirect: false,
  steps: [],
} as const;

const SIZES = [
  ['100 B', ORDER_100],
  ['250 B', ORDER_250],
  ['1 kB', ORDER_1000],
] as const;

const PLAIN: Props = { 'schemas.enable': 'false' };

function jsonCases([size, order]: (typeof SIZES)[number]): readonly Case[] {
  const json = { ...NOTHING, order };
  return [
    { ...json, title: `JSON, ${size}: write map`, kind: 'write', props: PLAIN },
    { ...json, title: `JSON, ${size}: write struct`, kind: 'write', props: PLAIN, isStruct: true },
    { ...json, title: `JSON, ${size}: read`, kind: 'read', props: PLAIN },
    {
      ...json,
      title: `JSON, ${size}: write envelope`,
      kind: 'write',
      isStruct: true,
      goal: A_THIRD,
    },
    { ...json, title: `JSON, ${size}: read envelope`, kind: 'read', isStruct: true, goal: A_THIRD },
  ];
}

/** The same once more, without a buffer for each message. */
function directCases(): readonly Case[] {
  const isWanted = ({ title }: Case): boolean => title.includes('250 B');
  const text: Case = {
    ...NOTHING,
    title: 'String, 13 B: write',
    isText: true,
    kind: 'write',
    converter: STRING_CONVERTER,
  };
  return [...SIZES.flatMap(jsonCases).filter(isWanted), text].map((each) => {
    return { ...each, title: `${each.title}, direct`, isDirect: true };
  });
}

const INSERT: Step = { name: 'InsertField$Value', props: { 'topic.field': 'topic' } };
const REPLACE: Step = {
  name: 'ReplaceField$Value',
  props: { exclude: 'note', renames: 'customer:client' },
};
const CAST: Step = { name: 'Cast$Value', props: { spec: 'quantity:int64,amount:string' } };
const TIMESTAMP: Step = {
  name: 'TimestampConverter$Value',
  props: { field: 'created', 'target.type': 'string', format: "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'" },
};
const ROUTE: Step = {
  name: 'RegexRouter',
  props: { regex: '(.*)\\.(.*)', replacement: '$2-$1' },
};
const TO_KEY: Step = { name: 'ValueToKey', props: { fields: 'id' } };
const EXTRACT_KEY: Step = { name: 'ExtractField$Key', props: { field: 'id' } };

/** The ten of Kafka's that configs found in public use most, and two more. */
const SINGLE: readonly (readonly [string, Step])[] = [
  ['RegexRouter', ROUTE],
  ['InsertField', INSERT],
  ['ExtractField', { name: 'ExtractField$Value', props: { field: 'id' } }],
  ['ReplaceField', REPLACE],
  ['ValueToKey', TO_KEY],
  ['TimestampConverter', TIMESTAMP],
  ['HoistField', { name: 'HoistField$Value', props: { field: 'order' } }],
  ['SetSchemaMetadata', { name: 'SetSchemaMetadata$Value', props: { 'schema.name': 'n' } }],
  ['Flatten', { name: 'Flatten$Value', props: {} }],
  ['Cast', CAST],
  ['MaskField', { name: 'MaskField$Value', props: { fields: 'email,customer' } }],
  ['TimestampRouter', { name: 'TimestampRouter', props: {} }],
];

const CHAINS: readonly (readonly [string, readonly Step[]])[] = [
  ['InsertField, ReplaceField, Cast', [INSERT, REPLACE, CAST]],
  ['InsertField, ReplaceField, TimestampConverter', [INSERT, REPLACE, TIMESTAMP]],
  ['ValueToKey, ExtractField$Key, RegexRouter', [TO_KEY, EXTRACT_KEY, ROUTE]],
];

function transformCases(title: string, steps: readonly Step[], goal: number): readonly Case[] {
  const isNested = title === 'Flatten';
  const shared = { ...NOTHING, kind: 'transform', steps, goal, isNested } as const;
  const struct: Case = { ...shared, title: `${title}, schema`, isStruct: true };
  // Without a schema there is no metadata to set.
  if (title === 'SetSchemaMetadata') return [struct];
  return [struct, { ...shared, title: `${title}, schemaless` }];
}

export const CASES: readonly Case[] = [
  ...SIZES.flatMap(jsonCases),
  ...directCases(),
  { ...NOTHING, title: 'Struct build and validate', kind: 'build', isStruct: true },
  ...SINGLE.flatMap(([title, step]) => transformCases(title, [step], AT_JAVA)),
  ...CHAINS.flatMap(([title, steps]) => transformCases(title, steps, A_THIRD)),
];
