import { ConnectError, messageWithOrigin } from '@sluice/api';
import { RestError, type ConfigInfos, type ConnectorConfigInput } from '@sluice/rest';
import {
  configProblems,
  effectiveOrigins,
  errorWithOrigin,
  type ConnectorFile,
  type WorkerFile,
} from '@sluice/runtime';

/** What checks a config as it was checked when it was refused. */
export interface ConfigChecker {
  validateConfig(plugin: string, config: ConnectorConfigInput): Promise<ConfigInfos>;
}

const BAD_REQUEST = 400;

/**
 * Why a connector file was refused, for the log: what REST would answer, but each problem with the
 * line that it comes from. Errors that are about no key of the file stay as they are.
 */
export async function refusedConnector(
  error: unknown,
  { name, config, origins }: ConnectorFile,
  checker: ConfigChecker,
  workerProps: WorkerFile['props'],
): Promise<unknown> {
  const noted = effectiveOrigins(config, origins, workerProps);
  if (!(error instanceof RestError) || error.status !== BAD_REQUEST)
    return errorWithOrigin(error, noted);
  let infos: ConfigInfos;
  try {
    infos = await checker.validateConfig(config['connector.class'] ?? '', config);
  } catch {
    // What can't even be checked was refused for its class.
    const key = 'connector.class';
    const told = messageWithOrigin(error.message, key, noted.get(key));
    return new ConnectError(`Connector ${name}: ${told}`, {
      code: 'CONNECT_CONNECTOR_FILE',
      context: { connector: name },
    });
  }
  const problems = configProblems(infos, config, noted);
  if (problems.length === 0) return error;
  return new ConnectError(
    `Connector ${name}: Connector configuration is invalid and contains the following ` +
      `${problems.length} error(s):\n${problems.join('\n')}`,
    { code: 'CONNECT_CONNECTOR_FILE', context: { connector: name } },
  );
}
