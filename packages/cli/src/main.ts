/** The command `sluice`: the first code that runs. */
import { enableCompileCache } from 'node:module';

enableCompileCache();
// A reader that goes away, such as `head`, must not end a worker.
process.stdout.on('error', () => undefined);
const { runCommand } = await import('./run-command.ts');
process.exit(await runCommand(process.argv.slice(2)));
