import {
  type OpenSink,
  type Props,
  type SinkConnector,
  type SinkConnectorPlugin,
  defineSink,
} from '@sluice/api';
import { hashMapLine, printLine, type PrintLine } from './printed-line.ts';
import { integerOf, NO_KEYS, numberedConfigs, TOOL_VERSION, TOOLS } from './tool-props.ts';

const DEFINED = defineSink({
  className: `${TOOLS}VerifiableSinkConnector`,
  version: TOOL_VERSION,
  config: NO_KEYS,
  open: (_config, _context, props) => openVerifiableSink(props, printLine),
});

/**
 * Prints each record, once when it is put and once when it is flushed. Mirrors
 * `org.apache.kafka.connect.tools.VerifiableSinkConnector`.
 */
export const verifiableSink: SinkConnectorPlugin = { ...DEFINED, create: numbered };

/** Its tasks know their number. */
function numbered(): SinkConnector {
  const connector = DEFINED.create();
  let props: Props = {};
  return {
    ...connector,
    async start(given) {
      props = given;
      await connector.start(given);
    },
    taskConfigs: (maxTasks) => numberedConfigs(props, maxTasks),
  };
}

/** @param print where its lines go */
export function openVerifiableSink(props: Props, print: PrintLine): OpenSink {
  const sinkTask = integerOf(props, 'id', 'VerifiableSinkTask');
  const name = props['name'] ?? null;
  const unflushed = new Map<string, Readonly<Record<string, unknown>>[]>();
  return {
    put(records) {
      const now = Date.now();
      for (const record of records) {
        const { topic, key: task, value: seqno, kafkaOffset: offset } = record;
        const data = { name, task, sinkTask, topic, time_ms: now, seqno, offset };
        print(hashMapLine(data));
        const partition = `${record.topic}-${record.kafkaPartition}`;
        const waiting = unflushed.get(partition) ?? [];
        waiting.push(data);
        unflushed.set(partition, waiting);
      }
    },
    flush(offsets) {
      const now = Date.now();
      for (const { topic, partition } of offsets) {
        for (const data of unflushed.get(`${topic}-${partition}`) ?? [])
          print(hashMapLine({ ...data, time_ms: now, flushed: true }));
        unflushed.delete(`${topic}-${partition}`);
      }
    },
  };
}
