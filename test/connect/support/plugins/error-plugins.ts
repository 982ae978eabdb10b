import {
  ConfigDef,
  defineSink,
  defineTransformation,
  RetriableError,
  type SinkConnectorPlugin,
  type TransformationPlugin,
} from '@sluice/api';
import { Journal } from './journal.ts';

const PACKAGE = 'org.apache.kafka.connect.integration';

/** Plug-ins that have trouble with records; what they see goes to the journal in the folder. */
export function errorPlugins(folder: string): Readonly<{
  errantRecordSink: SinkConnectorPlugin;
  faultyPassthrough: TransformationPlugin;
}> {
  return {
    errantRecordSink: errantRecordSink(new Journal(folder)),
    faultyPassthrough: faultyPassthrough(),
  };
}

/** Reports each record that it is given, and goes on. Mirrors `ErrantRecordSinkConnector`. */
function errantRecordSink(journal: Journal): SinkConnectorPlugin {
  return defineSink({
    className: `${PACKAGE}.ErrantRecordSinkConnector`,
    version: '0.0.0',
    config: new ConfigDef({}),
    open: (_config, context, props) => ({
      put(records) {
        const reporter = context.errantRecordReporter();
        for (const record of records) {
          // Not waited for: offsets wait for it.
          void reporter?.report(record, new Error(`not wanted: ${String(record.value)}`));
        }
        const by = `${props['name']}-0`;
        if (records.length > 0) journal.write({ by, event: 'put', count: records.length });
      },
    }),
  });
}

/**
 * Fails at `value-4` once and at `value-7` always, both times with a retriable error. Mirrors
 * `ErrorHandlingIntegrationTest.FaultyPassthrough`.
 */
function faultyPassthrough(): TransformationPlugin {
  return defineTransformation({
    className: `${PACKAGE}.ErrorHandlingIntegrationTest$FaultyPassthrough`,
    version: '1.0',
    config: new ConfigDef({}),
    open() {
      let hasFailed = false;
      return (record) => {
        if (record.value === 'value-4' && !hasFailed) {
          hasFailed = true;
          throw new RetriableError("Error when value='value-4'; the next try will succeed.");
        }
        if (record.value === 'value-7') throw new RetriableError("Error when value='value-7'");
        return record;
      };
    },
  });
}
