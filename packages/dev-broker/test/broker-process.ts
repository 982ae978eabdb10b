/** Runs a broker as a process of its own, for tests that kill it: `broker-process.ts <dataDir> <port>`. */
import { startDevBroker } from '@sluice/dev-broker';

const [dataDir = '', port = '0', ...configs] = process.argv.slice(2);
const config = Object.fromEntries(configs.map((text) => text.split('=', 2)));
const complain = (message: string): void => console.error(message);
const broker = await startDevBroker({
  dataDir,
  port: Number(port),
  config,
  logger: { debug: () => undefined, info: () => undefined, warn: complain, error: complain },
});
console.log(`ready ${broker.port}`);
process.once('SIGTERM', () => void broker.close());
