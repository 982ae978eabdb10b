import { ERROR_INFOS, errorInfo, isRetriable, whatToDo } from '@sluice/protocol';
import { KafkaError } from './kafka-error.ts';

/**
 * The error for a code that a broker answered with. `what`: what was attempted, on what, e.g.
 * `Committing offsets of the group "g"`. `detail`: the broker's own words, if it said some.
 */
export function brokerError(code: number, what: string, detail: string | null = null): KafkaError {
  const info = errorInfo(code);
  const said = detail === null || detail === '' ? '' : `: ${detail.replace(/\.$/, '')}`;
  const advice = whatToDo(info.name);
  const text = `${what} failed with ${info.name}${said}.${advice === null ? '' : ` ${advice}`}`;
  return new KafkaError(info.name, text, { isRetriable: isRetriable(code) });
}

/** As {@link brokerError}, for a name of Kafka's or of ours. */
export function namedError(name: string, what: string): KafkaError {
  const info = Object.values(ERROR_INFOS).find((each) => each.name === name);
  if (info === undefined) return new KafkaError(name, `${what} failed with ${name}.`);
  return brokerError(info.code, what);
}

/** Any thrown value as a {@link KafkaError}; what is not one is a fault of ours and says so. */
export function asKafkaError(error: unknown): KafkaError {
  if (error instanceof KafkaError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new KafkaError('CLIENT_FAULT', text, { cause: error });
}
