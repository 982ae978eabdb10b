/**
 * Where a lane's thread begins. It ends when the main thread ends it; the message port keeps it
 * alive till then.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { KafkaClients } from '../data-plane/kafka-clients.ts';
import { connectLayout, jsonLayout } from '../logging/connect-layout.ts';
import { Loggers } from '../logging/loggers.ts';
import { openTelemetry, type OpenTelemetry } from '../tracing/open-telemetry.ts';
import type { LaneOptions } from './lane-protocol.ts';
import { serveLane } from './lane-server.ts';

if (parentPort === null) throw new Error('lane-entry is started by the task host only');
const options = decodeOptions(workerData);
const loggers = new Loggers({
  layout: options.isJsonLog ? jsonLayout : connectLayout,
  levels: options.levels,
  fds: options.logFds,
});
let clients: Promise<KafkaClients> | null = null;
let telemetry: Promise<OpenTelemetry | null> | null = null;
serveLane({
  port: parentPort,
  loggers,
  loadClients: () => {
    clients ??= importClients(options.kafkaModuleUrl);
    return clients;
  },
  loadTelemetry: () => {
    telemetry ??= openTelemetry(options.tracing);
    return telemetry;
  },
});

/** `workerData` is what lane.ts put there: see LaneOptions. */
function decodeOptions(data: unknown): LaneOptions {
  return data as LaneOptions;
}

/** The module named by the host: `@sluice/kafka` itself, unless a test brings another. */
async function importClients(url: string): Promise<KafkaClients> {
  return (await import(url)) as KafkaClients;
}
