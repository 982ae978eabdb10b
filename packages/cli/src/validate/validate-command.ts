import {
  ConnectError,
  type ConfigDef,
  type ConfigOrigins,
  type ConfigValue,
  type Props,
} from '@sluice/api';
import {
  configProblems,
  connectorValidator,
  effectiveOrigins,
  errorWithOrigin,
  readConnectorFile,
  type ConnectorValidator,
  type PluginRef,
} from '@sluice/runtime';
import { EXIT_CODE } from '../exit-code.ts';
import { offlineWorker } from '../offline-worker.ts';

/** `sluice validate`: reads and checks files as a worker would, and starts nothing. */
export async function validateCommand(
  workerFile: string,
  connectorFiles: readonly string[],
): Promise<number> {
  let worker: CheckingWorker;
  try {
    worker = await checkingWorker(workerFile);
    process.stdout.write(`${workerFile}: ok\n`);
  } catch (error) {
    process.stdout.write(`${workerFile}: ${messageOf(error)}\n`);
    return EXIT_CODE.cannotStart;
  }
  let exitCode: number = EXIT_CODE.ok;
  for (const file of connectorFiles) {
    const problems = await problemsOf(file, worker);
    process.stdout.write(problems.length === 0 ? `${file}: ok\n` : lines(file, problems));
    if (problems.length > 0) exitCode = EXIT_CODE.startFailed;
  }
  return exitCode;
}

/** A worker's checks, and its properties, which name its config providers. */
interface CheckingWorker {
  readonly validator: ConnectorValidator;
  readonly props: Props;
}

async function problemsOf(
  file: string,
  { validator, props }: CheckingWorker,
): Promise<readonly string[]> {
  let origins: ConfigOrigins = new Map();
  try {
    const { config, origins: written } = await readConnectorFile(file);
    origins = effectiveOrigins(config, written, props);
    return configProblems(await validator.validate(config), config, origins);
  } catch (error) {
    return [messageOf(errorWithOrigin(error, origins))];
  }
}

async function checkingWorker(workerFile: string): Promise<CheckingWorker> {
  const { context, warnings } = await offlineWorker(workerFile);
  for (const warning of warnings) process.stdout.write(`warning: ${warning}\n`);
  const validator = connectorValidator(context, { validate: validateInCode });
  return { validator, props: context.props };
}

/** What a plug-in module exports, as far as checking a config needs it. */
interface Validating {
  readonly config: ConfigDef;
  create(): { validate?(props: Props): readonly ConfigValue[] | Promise<readonly ConfigValue[]> };
}

/** Nothing else runs in this process, so that plug-in code may run in it too. */
async function validateInCode(plugin: PluginRef, props: Props): Promise<readonly ConfigValue[]> {
  const module: unknown = await import(plugin.moduleUrl);
  const definition: unknown = Reflect.get(Object(module), plugin.exportName);
  if (!isValidating(definition))
    throw new ConnectError(
      `${plugin.moduleUrl} exports no plug-in as "${plugin.exportName}", although its manifest ` +
        'says so: build the package again.',
    );
  return (await definition.create().validate?.(props)) ?? definition.config.validate(props);
}

function isValidating(value: unknown): value is Validating {
  return typeof value === 'object' && value !== null && 'config' in value && 'create' in value;
}

function lines(file: string, problems: readonly string[]): string {
  return `${file}:\n${problems.map((problem) => `  ${problem}\n`).join('')}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
