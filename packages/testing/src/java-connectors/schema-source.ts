import {
  BOOLEAN_SCHEMA,
  defineSource,
  FLOAT32_SCHEMA,
  FLOAT64_SCHEMA,
  INT32_SCHEMA,
  INT64_SCHEMA,
  newSourceRecord,
  newStruct,
  type OpenSource,
  type Props,
  type Schema,
  SchemaBuilder,
  type SourceConnectorPlugin,
  type SourceTaskContext,
  STRING_SCHEMA,
} from '@sluice/api';
import { printLine, type PrintLine } from './printed-line.ts';
import { Throughput, untilAborted } from './throughput.ts';
import { integerOf, NO_KEYS, numberedConfigs, TOOL_VERSION, TOOLS } from './tool-props.ts';

const TASK = 'SchemaSourceTask';
const VERSION_1 = schemaOf(1);
const VERSION_2 = schemaOf(2);
const CONTENT = { boolean: true, int: 12, long: 12, float: Math.fround(12.2), double: 12.2 };

/**
 * Emits structs, of two versions of a schema by turns if asked to. Mirrors
 * `org.apache.kafka.connect.tools.SchemaSourceConnector`.
 */
export const schemaSource: SourceConnectorPlugin = defineSource({
  className: `${TOOLS}SchemaSourceConnector`,
  version: TOOL_VERSION,
  config: NO_KEYS,
  taskConfigs: (_config, props, maxTasks) => numberedConfigs(props, maxTasks),
  open: (_config, context, props) => openSchemaSource(context, props, printLine),
});

/** @param print where its lines go */
export async function openSchemaSource(
  context: SourceTaskContext,
  props: Props,
  print: PrintLine,
): Promise<OpenSource> {
  const id = integerOf(props, 'id', TASK);
  const messages = integerOf(props, 'num.messages', TASK);
  const throughput = new Throughput(integerOf(props, 'throughput', TASK));
  const partitions = integerOf({ 'partition.count': '1', ...props }, 'partition.count', TASK);
  const isMultiple = props['multiple.schema']?.toLowerCase() === 'true';
  const { topic = '' } = props;
  const sourcePartition = { id };
  const committed = await context.offsetStorageReader.offset(sourcePartition);
  let next = committed === null ? 0 : Number(committed['seqno']) + 1;
  let count = 0;
  return {
    async poll(signal) {
      if (count >= messages) {
        await untilAborted(signal);
        return null;
      }
      if (!(await throughput.next(signal))) return null;
      const seqno = next++;
      const schema = isMultiple && count % 2 === 1 ? VERSION_2 : VERSION_1;
      count++;
      const own = { partitioning: seqno % partitions, id, seqno };
      const text = schema === VERSION_2 ? { string: 'def' } : {};
      print(`{"task": ${id}, "seqno": ${seqno}}`);
      return [
        newSourceRecord({
          topic,
          kafkaPartition: id,
          keySchema: STRING_SCHEMA,
          key: 'key',
          valueSchema: schema,
          value: newStruct(schema, { ...CONTENT, ...own, ...text }),
          sourcePartition,
          sourceOffset: { seqno },
        }),
      ];
    },
  };
}

function schemaOf(version: 1 | 2): Schema {
  const builder = SchemaBuilder.struct()
    .version(version)
    .name('record')
    .field('boolean', BOOLEAN_SCHEMA)
    .field('int', INT32_SCHEMA)
    .field('long', INT64_SCHEMA)
    .field('float', FLOAT32_SCHEMA)
    .field('double', FLOAT64_SCHEMA)
    .field('partitioning', INT32_SCHEMA);
  if (version === 2) builder.field('string', SchemaBuilder.string().defaultValue('abc').build());
  return builder.field('id', INT32_SCHEMA).field('seqno', INT64_SCHEMA).build();
}
