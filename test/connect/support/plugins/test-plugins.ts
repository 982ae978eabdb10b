import type { SinkConnectorPlugin, SourceConnectorPlugin } from '@sluice/api';
import { blockingPlugins } from './blocking-connectors.ts';
import { emptyTaskConfigs } from './empty-task-configs.ts';
import { Journal } from './journal.ts';
import { monitorableSink } from './monitorable-sink.ts';
import { monitorableSource } from './monitorable-source.ts';

type Plugins = Readonly<Record<string, SourceConnectorPlugin | SinkConnectorPlugin>>;

/** Plug-ins that leave their thread to others, by the names of their exports. */
export function goodPlugins(journalFolder: string): Plugins {
  const journal = new Journal(journalFolder);
  return {
    monitorableSink: monitorableSink(journal),
    monitorableSource: monitorableSource(journal),
  };
}

/** Plug-ins that may block it: a worker gives a thread to each connector. */
export function strangePlugins(journalFolder: string): Plugins {
  return { ...blockingPlugins(new Journal(journalFolder)), emptyTaskConfigs: emptyTaskConfigs() };
}
