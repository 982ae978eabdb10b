import { Command, CommanderError } from 'commander';
import { EXIT_CODE } from './exit-code.ts';
import { SLUICE_VERSION, WORKER_VERSION } from './sluice-version.ts';

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
  program
    .command('plugins')
    .summary('list the plug-ins that a worker would find')
    .argument('[action]', 'what to do: list', 'list')
    .option('--plugin-path <directories>', 'plugin.path, separated by commas', '')
    .option('--json', 'one JSON array instead of a table')
    .action(async (action: string, options: { pluginPath: string; json?: boolean }) => {
      const { pluginsCommand } = await import('./plugins/plugins-command.ts');
      end(await pluginsCommand(action, options.pluginPath, options.json === true));
    });
  program
    .command('validate')
    .summary('check worker and connector files without running them')
    .argument('<worker.properties>')
    .argument('[connector-files...]')
    .action(async (worker: string, connectors: readonly string[]) => {
      const { validateCommand } = await import('./validate/validate-command.ts');
      end(await validateCommand(worker, connectors));
    });
  return program;
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
