import {
  defineSource,
  INT32_SCHEMA,
  INT64_SCHEMA,
  newSourceRecord,
  newStruct,
  type OpenSource,
  type Props,
  SchemaBuilder,
  type SourceConnectorPlugin,
  type SourceTaskContext,
  STRING_SCHEMA,
} from '@sluice/api';
import { hashMapLine, printLine, type PrintLine } from './printed-line.ts';
import { Throughput } from './throughput.ts';
import { integerOf, NO_KEYS, numberedConfigs, TOOL_VERSION, TOOLS } from './tool-props.ts';

const TASK = 'VerifiableSourceTask';
const COMPLETE = SchemaBuilder.struct()
  .field('name', STRING_SCHEMA)
  .field('task', INT32_SCHEMA)
  .field('topic', STRING_SCHEMA)
  .field('time_ms', INT64_SCHEMA)
  .field('seqno', INT64_SCHEMA)
  .build();

/**
 * Emits numbers one after the other and prints each, once when it is emitted and once when Kafka has
 * it. Mirrors `org.apache.kafka.connect.tools.VerifiableSourceConnector`.
 */
export const verifiableSource: SourceConnectorPlugin = defineSource({
  className: `${TOOLS}VerifiableSourceConnector`,
  version: TOOL_VERSION,
  config: NO_KEYS,
  taskConfigs: (_config, props, maxTasks) => numberedConfigs(props, maxTasks),
  open: (_config, context, props) => openVerifiableSource(context, props, printLine),
});

/** @param print where its lines go */
export async function openVerifiableSource(
  context: SourceTaskContext,
  props: Props,
  print: PrintLine,
): Promise<OpenSource> {
  const task = integerOf(props, 'id', TASK);
  const throughput = new Throughput(integerOf(props, 'throughput', TASK));
  const { name = null, topic = '' } = props;
  const isComplete = props['complete.record.data']?.toLowerCase() === 'true';
  const sourcePartition = { id: task };
  const committed = await context.offsetStorageReader.offset(sourcePartition);
  let next = committed === null ? 0 : Number(committed['seqno']) + 1;
  context.logger.info(
    `Started ${TASK} ${name}-${task} producing to topic ${topic} resuming from seqno ${next}`,
  );
  return {
    async poll(signal) {
      if (!(await throughput.next(signal))) return null;
      const seqno = next++;
      const data = { name, task, topic, time_ms: Date.now(), seqno };
      print(hashMapLine(data));
      const content = isComplete
        ? { valueSchema: COMPLETE, value: newStruct(COMPLETE, { ...data, name: name ?? '' }) }
        : { valueSchema: INT64_SCHEMA, value: seqno };
      const key = { keySchema: INT32_SCHEMA, key: task };
      return [
        newSourceRecord({ topic, ...key, ...content, sourcePartition, sourceOffset: { seqno } }),
      ];
    },
    commitRecord(record) {
      const seqno = record.sourceOffset?.['seqno'];
      const data = { name, task, topic, time_ms: Date.now(), seqno, committed: true };
      print(hashMapLine(data));
    },
  };
}
