import { Command, CommanderError } from 'commander';
import { EXIT_CODE } from './exit-code.ts';
import { processTerminal } from './output/terminal.ts';
import { SLUICE_VERSION, WORKER_VERSION } from './sluice-version.ts';

/** Where a worker listens unless its file says something else. */
const DEFAULT_URL = 'http://localhost:8083';
const PREVIEW_RECORDS = 5;

/** Seconds that `dev --once` gives the data to get through. */
const ONCE_TIMEOUT_S = 60;

/** Runs what the arguments ask for and settles with the exit code. */
export async function parseCommand(args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT_CODE.ok;
  const program = commandLine((code) => {
    exitCode = code;
  });
  if (args.length === 0) {
    program.outputHelp({ error: true });
    return EXIT_CODE.usage;
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // It has said what is wrong, and usage follows; help and version are no mistakes.
    return error.exitCode === 0 ? EXIT_CODE.ok : EXIT_CODE.usage;
  }
  return exitCode;
}

function commandLine(end: (exitCode: number) => void): Command {
  const program = new Command('sluice')
    .description('Kafka Connect in TypeScript')
    .version(`sluice ${SLUICE_VERSION} (Kafka Connect ${WORKER_VERSION})`)
    .exitOverride()
    .showHelpAfterError('Try "sluice --help".');
  // Run by run-command.ts before it comes here; it stands here for the help.
  program
    .command('standalone')
    .summary('run a worker: worker.properties [connector files ...]')
    .argument('[files...]');
  addDevCommands(program, end);
  addPluginCommand(program, end);
  program
    .command('validate')
    .summary('check worker and connector files without running them')
    .argument('<worker.properties>')
    .argument('[connector-files...]')
    .action(async (worker: string, connectors: readonly string[]) => {
      const { validateCommand } = await import('./validate/validate-command.ts');
      end(await validateCommand(worker, connectors));
    });
  addConfigCommands(program, end);
  addConnectorCommands(program, end);
  return program;
}

function addPluginCommand(program: Command, end: (exitCode: number) => void): void {
  program
    .command('plugins')
    .summary('list the plug-ins that a worker would find, describe one, or begin a new one')
    .argument('[action]', 'what to do: list, describe or new', 'list')
    .argument('[words...]', 'describe <class or short name>; new <kind> <package> [directory]')
    .option('--plugin-path <directories>', 'plugin.path, separated by commas', '')
    .option('--json', 'for programs')
    .action(
      async (
        action: string,
        words: readonly string[],
        options: { pluginPath: string; json?: boolean },
      ) => {
        const { pluginsCommand } = await import('./plugins/plugins-command.ts');
        const { pluginPath, json } = options;
        const args = { action, words, pluginPath, isJson: json === true };
        end(await pluginsCommand(args, processTerminal()));
      },
    );
}

interface ConfigOptions {
  readonly worker?: string;
  readonly url?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly records?: number;
}

function addConfigCommands(program: Command, end: (exitCode: number) => void): void {
  program
    .command('lint')
    .summary('what is doubtful in connector files: unknown keys, plain secrets, contradictions')
    .argument('<connector-files...>')
    .option('--worker <worker.properties>', 'check this file too, and use its plugin.path')
    .option('--url <url>', 'ask a worker that runs, with its plug-ins')
    .option('--strict', 'anything found is an error')
    .option('--json', 'for programs')
    .action(async (files: readonly string[], options: ConfigOptions) => {
      const { lintCommand } = await import('./lint/lint-command.ts');
      const { worker = null, url = null, strict, json } = options;
      const args = { files, worker, url, isStrict: strict === true, isJson: json === true };
      end(await lintCommand(args, processTerminal()));
    });
  program
    .command('preview')
    .summary('send some records through the config of a connector without deploying it')
    .argument('<connector-file>')
    .option('--worker <worker.properties>', 'where Kafka is, and which converters are used')
    .option('--url <url>', 'ask a worker that runs')
    .option('-n, --records <count>', 'how many records, 1 to 100', Number, PREVIEW_RECORDS)
    .option('--json', 'for programs')
    .action(async (file: string, options: ConfigOptions) => {
      const { previewCommand } = await import('./preview/preview-command.ts');
      const { worker = null, url = null, records = PREVIEW_RECORDS, json } = options;
      const args = { file, worker, url, records, isJson: json === true };
      end(await previewCommand(args, processTerminal()));
    });
}

interface ConnectorOptions {
  readonly url: string;
  readonly json?: boolean;
  readonly includeTasks?: boolean;
  readonly onlyFailed?: boolean;
}

function addConnectorCommands(program: Command, end: (exitCode: number) => void): void {
  program
    .command('connectors')
    .summary('look at the connectors of a worker and change them, over REST')
    .argument('[action]', 'list, status, get, create, apply, pause, resume, stop, ...', 'list')
    .argument('[targets...]', 'names of connectors; files for create and apply')
    .option('--url <url>', 'where the worker listens', DEFAULT_URL)
    .option('--include-tasks', 'restart: tasks too')
    .option('--only-failed', 'restart: only what has FAILED')
    .option('--json', 'for programs')
    .action(async (action: string, targets: readonly string[], options: ConnectorOptions) => {
      const { connectorsCommand } = await import('./connectors/connectors-command.ts');
      const { url, json, includeTasks, onlyFailed } = options;
      const args = {
        action,
        targets,
        url,
        isJson: json === true,
        includeTasks: includeTasks === true,
        onlyFailed: onlyFailed === true,
      };
      end(await connectorsCommand(args, processTerminal()));
    });
  program
    .command('completion')
    .summary('a completion script for a shell')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell: string) => {
      const { completionCommand } = await import('./completion/completion-command.ts');
      end(completionCommand(shell, processTerminal()));
    });
}

function addDevCommands(program: Command, end: (exitCode: number) => void): void {
  program
    .command('dev')
    .summary('run a broker, a worker and a pipeline on real data, to look around')
    .option('--once', 'end when the data is through: exit code 0, or 1 when it is not in time')
    .option('--timeout <seconds>', 'how long --once waits', Number, ONCE_TIMEOUT_S)
    .action(async (options: { once?: boolean; timeout: number }) => {
      const { devCommand } = await import('./dev/dev-command.ts');
      end(await devCommand({ isOnce: options.once === true, timeoutMs: options.timeout * 1000 }));
    });
  program
    .command('dev-broker')
    .summary('run the embedded single-node broker by itself')
    .option('--port <port>', 'where it listens; 0 takes a free one', Number, 9092)
    .option('--data-dir <directory>', 'where it keeps its data', '.sluice/broker')
    .action(async (options: { port: number; dataDir: string }) => {
      const { devBrokerCommand } = await import('./dev-broker/dev-broker-command.ts');
      end(await devBrokerCommand(options));
    });
}
