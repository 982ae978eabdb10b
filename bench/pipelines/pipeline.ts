/** What is measured: five ways of turning orders into bytes, each as source and as sink. */
export interface Pipeline {
  readonly name: string;
  readonly shape: 'string' | 'map' | 'struct';
  /** Pipelines of one format share the topic that the sinks read. */
  readonly format: 'string' | 'json' | 'envelope';
  readonly hasTransforms: boolean;
}

export const PIPELINES: readonly Pipeline[] = [
  { name: 'String', shape: 'string', format: 'string', hasTransforms: false },
  { name: 'JSON', shape: 'map', format: 'json', hasTransforms: false },
  { name: 'JSON + 3 SMT', shape: 'map', format: 'json', hasTransforms: true },
  { name: 'envelope', shape: 'struct', format: 'envelope', hasTransforms: false },
  { name: 'envelope + 3 SMT', shape: 'struct', format: 'envelope', hasTransforms: true },
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
