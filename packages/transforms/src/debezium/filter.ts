import {
  ConfigDef,
  javaText,
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
  condition: {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    width: 'MEDIUM',
    doc: 'A JavaScript expression; a record stays when it is true.',
  },
  'null.handling.mode': SCRIPTING_CONFIG['null.handling.mode'],
});

/**
 * Keeps the records for which an expression is true.
 * Mirrors `io.debezium.transforms.Filter` of debezium-scripting.
 */
class ScriptFilter extends ScriptingTransformation {
  configure(props: Props): void {
    const config = CONFIG.parse(props);
    this.setUp({
      topicRegex: config['topic.regex'],
      language: config.language,
      nullHandling: config['null.handling.mode'],
      expression: config.condition,
    });
  }

  protected decide<R extends AnyRecord>(record: R, answer: unknown): R | null {
    if (typeof answer === 'boolean') return answer ? record : null;
    throw this.failed(
      record,
      `Value '${javaText(answer)}' returned by the expression is not a Boolean`,
    );
  }
}

/** `io.debezium.transforms.Filter` */
export const scriptFilter: TransformationPlugin = {
  type: 'transformation',
  className: 'io.debezium.transforms.Filter',
  version: DEBEZIUM_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new ScriptFilter(),
};
