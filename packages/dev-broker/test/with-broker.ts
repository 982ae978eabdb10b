import { makeTempDir } from '@sluice/testing';
import { type DevBroker, startDevBroker } from '../src/dev-broker.ts';
import type { BrokerLogger } from '../src/storage/broker-log.ts';
import { BrokerClient } from './broker-client.ts';

/** A broker with a client, for one test. */
export interface Stage {
  readonly broker: DevBroker;
  readonly client: BrokerClient;
  readonly dataDir: string;
  /** Warnings and errors that the broker logged. */
  readonly complaints: readonly string[];
  readonly connect: () => Promise<BrokerClient>;
}

/** Runs `body` with a broker of its own on a free port and an empty directory. */
export async function withBroker(
  body: (stage: Stage) => Promise<void>,
  config: Readonly<Record<string, string>> = {},
): Promise<void> {
  await using dir = await makeTempDir('dev-broker');
  const complaints: string[] = [];
  const complain = (message: string): unknown => complaints.push(message);
  const logger: BrokerLogger = {
    debug: () => undefined,
    info: () => undefined,
    warn: complain,
    error: complain,
  };
  await using broker = await startDevBroker({ dataDir: dir.path, logger, config });
  await using client = await BrokerClient.connect(broker.port);
  const connect = (): Promise<BrokerClient> => BrokerClient.connect(broker.port);
  await body({ broker, client, dataDir: dir.path, complaints, connect });
}
