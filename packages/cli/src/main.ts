/** The command `sluice`: the first code that runs. */
import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

enableCompileCache();
// The command starts Node with a small young generation: this thread only directs, and idles 8 MB
// smaller so. Threads that move data, made from here on, get V8's own size again.
setFlagsFromString('--max-semi-space-size=0');
// Else V8 makes records old at birth once a collection found nothing but those of one poll, all
// alive; what they refer to then grows old with them, and the whole heap is marked all the time.
setFlagsFromString('--no-allocation-site-pretenuring');
// A reader that goes away, such as `head`, must not end a worker.
process.stdout.on('error', () => undefined);
const { runCommand } = await import('./run-command.ts');
process.exit(await runCommand(process.argv.slice(2)));
