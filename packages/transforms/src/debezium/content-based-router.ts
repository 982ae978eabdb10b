import {
  ConfigDef,
  javaText,
  withRecord,
  type AnyRecord,
  type Props,
  type TransformationPlugin,
} from '@sluice/api';
import { DEBEZIUM_PLUGIN_VERSION } from '../plugin-version.ts';
import {
  SCRIPTING_CONFIG,
  ScriptingTransformation,
} from '../scripting/scripting-transformation.ts';

const CONFIG = new ConfigDef({
  'topic.regex': SCRIPTING_CONFIG['topic.regex'],
  language: SCRIPTING_CONFIG.language,
  'topic.expression': {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    width: 'MEDIUM',
    doc: 'A JavaScript expression whose value is the new topic; null leaves the old one.',
  },
  'null.handling.mode': SCRIPTING_CONFIG['null.handling.mode'],
});

/**
 * Sends a record to the topic that an expression names.
 * Mirrors `io.debezium.transforms.ContentBasedRouter` of debezium-scripting.
 */
class ContentBasedRouter extends ScriptingTransformation {
  configure(props: Props): void {
    const config = CONFIG.parse(props);
    this.setUp({
      topicRegex: config['topic.regex'],
      language: config.language,
      nullHandling: config['null.handling.mode'],
      expression: config['topic.expression'],
    });
  }

  protected decide<R extends AnyRecord>(record: R, answer: unknown): R | null {
    if (answer === null || answer === undefined) return record;
    if (typeof answer === 'string') return withRecord(record, { topic: answer });
    throw this.failed(
      record,
      `Value '${javaText(answer)}' returned by the expression is not a String`,
    );
  }
}

/** `io.debezium.transforms.ContentBasedRouter` */
export const contentBasedRouter: TransformationPlugin = {
  type: 'transformation',
  className: 'io.debezium.transforms.ContentBasedRouter',
  version: DEBEZIUM_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new ContentBasedRouter(),
};
