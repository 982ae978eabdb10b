import { startDevBroker } from '@sluice/dev-broker';
import { Loggers } from '@sluice/runtime';
import { EXIT_CODE } from '../exit-code.ts';
import { StopSignals } from '../stop-signals.ts';

/** `sluice dev-broker`: the embedded broker until a signal comes. */
export async function devBrokerCommand(options: {
  readonly port: number;
  readonly dataDir: string;
}): Promise<number> {
  const logger = new Loggers().get('sluice.dev-broker');
  if (!Number.isInteger(options.port) || options.port < 0 || options.port > 65_535) {
    process.stderr.write('sluice: --port takes a number from 0 to 65535\n');
    return EXIT_CODE.usage;
  }
  using stop = new StopSignals(process, (code) => process.exit(code));
  try {
    await using broker = await startDevBroker({ ...options, logger });
    process.stdout.write(
      `The dev broker listens on ${broker.bootstrapServers} and keeps its data in ` +
        `${options.dataDir}. For first steps and tests, not for production. Ctrl-C ends it.\n`,
    );
    await stop.stopped();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`sluice: the dev broker can't start: ${reason}\n`);
    return EXIT_CODE.cannotStart;
  }
  return EXIT_CODE.ok;
}
