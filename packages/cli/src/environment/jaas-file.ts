import { readFile } from 'node:fs/promises';
import { ConnectError, type Props } from '@sluice/api';

const KEY = 'sasl.jaas.config';
/** Whose settings may have a JAAS text of their own. */
const PREFIXES = ['', 'producer.', 'consumer.', 'admin.'] as const;

/**
 * The worker's properties with the section `KafkaClient` of a JAAS file as `sasl.jaas.config`,
 * wherever none is set: what a Java worker takes from `-Djava.security.auth.login.config`.
 *
 * @throws ConnectError when the file can't be read or has no such section
 */
export async function withJaasFile(props: Props, file: string | null): Promise<Props> {
  if (file === null || !usesSasl(props)) return props;
  const text = await read(file);
  const section = kafkaClientSection(text);
  if (section === null)
    throw new ConnectError(
      `The JAAS file ${file} (KAFKA_OPTS, java.security.auth.login.config) has no section ` +
        `"KafkaClient": add it, or set ${KEY} in the worker's file.`,
      { code: 'CONNECT_JAAS_FILE' },
    );
  const added = PREFIXES.filter((prefix) => props[prefix + KEY] === undefined);
  return { ...Object.fromEntries(added.map((prefix) => [prefix + KEY, section])), ...props };
}

function usesSasl(props: Props): boolean {
  return PREFIXES.some((prefix) =>
    (props[`${prefix}security.protocol`] ?? '').toUpperCase().startsWith('SASL'),
  );
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConnectError(`The JAAS file ${file} that KAFKA_OPTS names can't be read: ${reason}`, {
      code: 'CONNECT_JAAS_FILE',
      cause,
    });
  }
}

/** What stands between the braces: a login module with its options, the form of the property. */
function kafkaClientSection(text: string): string | null {
  const plain = text.replace(/\/\*.*?\*\//gs, '').replace(/^\s*(\/\/|#).*$/gm, '');
  const found = /(?:^|[\s;}])KafkaClient\s*\{((?:[^{}"]|"(?:\\.|[^"\\])*")*)\}/.exec(plain);
  const section = found?.[1]?.trim().replace(/\s+/g, ' ') ?? '';
  return section === '' ? null : section;
}
