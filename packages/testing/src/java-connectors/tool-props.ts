import { ConfigDef, ConnectError, type Props } from '@sluice/api';

/** Kafka's test connectors declare no keys, and read what they want. */
export const NO_KEYS = new ConfigDef({});
/** They report the version of the Kafka that they come from. */
export const TOOL_VERSION = '4.3.1';
/** The package of all their classes. */
export const TOOLS = 'org.apache.kafka.connect.tools.';

/**
 * A whole number out of a task's config.
 *
 * @throws ConnectError with Java's text when it is none
 */
export function integerOf(props: Props, key: string, task: string): number {
  const text = props[key] ?? '';
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw new ConnectError(`Invalid ${task} configuration`, { context: { key } });
}

/** One config for each task, with its number as `id`. */
export function numberedConfigs(props: Props, maxTasks: number): readonly Props[] {
  return Array.from({ length: maxTasks }, (_, id) => ({ ...props, id: String(id) }));
}
