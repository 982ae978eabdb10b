/** The command `sluice`: the first code that runs. */
import { enableCompileCache } from 'node:module';

enableCompileCache();
const { runCommand } = await import('./command-line.ts');
process.exit(await runCommand(process.argv.slice(2)));
