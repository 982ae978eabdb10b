/** What is measured: five ways of turning orders into bytes, each as source and as sink. */
export interface Pipeline {
  readonly name: string;
  readonly shape: 'string' | 'map' | 'struct';
  /** Pipelines of one format share the topic that the sinks read. */
  readonly format: 'string' | 'json' | 'envelope';
  readonly hasTransforms: boolean;
}

/** One with what is wanted of it. */
export interface MeasuredPipeline extends Pipeline {
  readonly goals: PipelineGoals;
}

/** Records per CPU-second, ours over Java's: at least so many, by settings. */
export interface PipelineGoals {
  readonly source: { readonly default: number; readonly tuned: number };
  readonly sink: { readonly default: number; readonly tuned: number };
}

/** Peak memory, ours over Java's: at most so much. */
export const MEMORY_GOALS = { source: 0.25, sink: 0.5 } as const;
/** Nor more than this, whatever Java takes. */
export const MEMORY_MAX_MB = 250;

export const PIPELINES: readonly MeasuredPipeline[] = [
  {
    name: 'String',
    shape: 'string',
    format: 'string',
    hasTransforms: false,
    goals: { source: { default: 4.0, tuned: 2.5 }, sink: { default: 1.5, tuned: 1.4 } },
  },
  {
    name: 'JSON',
    shape: 'map',
    format: 'json',
    hasTransforms: false,
    goals: { source: { default: 2.5, tuned: 1.4 }, sink: { default: 1.4, tuned: 1.2 } },
  },
  {
    name: 'JSON + 3 SMT',
    shape: 'map',
    format: 'json',
    hasTransforms: true,
    goals: { source: { default: 2.2, tuned: 1.8 }, sink: { default: 1.6, tuned: 1.4 } },
  },
  {
    name: 'envelope',
    shape: 'struct',
    format: 'envelope',
    hasTransforms: false,
    goals: { source: { default: 3.0, tuned: 1.9 }, sink: { default: 3.3, tuned: 3.0 } },
  },
  {
    name: 'envelope + 3 SMT',
    shape: 'struct',
    format: 'envelope',
    hasTransforms: true,
    goals: { source: { default: 3.0, tuned: 2.1 }, sink: { default: 3.2, tuned: 3.0 } },
  },
];

const STRING_CONVERTER = 'org.apache.kafka.connect.storage.StringConverter';
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';

const TRANSFORMS: Readonly<Record<string, string>> = {
  transforms: 'insert,replace,cast',
  'transforms.insert.type': 'org.apache.kafka.connect.transforms.InsertField$Value',
  'transforms.insert.static.field': 'origin',
  'transforms.insert.static.value': 'bench',
  'transforms.replace.type': 'org.apache.kafka.connect.transforms.ReplaceField$Value',
  'transforms.replace.renames': 'currency:ccy',
  'transforms.replace.exclude': 'country',
  'transforms.cast.type': 'org.apache.kafka.connect.transforms.Cast$Value',
  'transforms.cast.spec': 'quantity:string,customer:int64',
};

/** The keys that source and sink of a pipeline have in common. */
export function pipelineKeys(pipeline: Pipeline): Readonly<Record<string, string>> {
  const isString = pipeline.format === 'string';
  return {
    'tasks.max': '1',
    'key.converter': STRING_CONVERTER,
    'value.converter': isString ? STRING_CONVERTER : JSON_CONVERTER,
    ...(isString ? {} : { 'value.converter.schemas.enable': String(pipeline.shape === 'struct') }),
    ...(pipeline.hasTransforms ? TRANSFORMS : {}),
  };
}
