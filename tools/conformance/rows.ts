// Every row of behaviour, in the order of its sections. The ids are those that test titles name.
import type { Row } from './row.ts';
import { configRows } from './rows/config.ts';
import { distributedRows } from './rows/distributed.ts';
import { releaseRows, suiteRows } from './rows/java-suites.ts';
import { restRows } from './rows/rest.ts';
import {
  commandRows,
  metricRows,
  pluginRows,
  securityRows,
  sinkRows,
  sourceRows,
} from './rows/tasks.ts';

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

export const sections: readonly Section[] = [
  { title: 'R1 REST', rows: restRows },
  { title: 'R2 Configuration', rows: configRows },
  { title: 'R3 Distributed mode', rows: distributedRows },
  { title: 'R4 Source tasks', rows: sourceRows },
  { title: 'R5 Sink tasks', rows: sinkRows },
  { title: 'R6 Plug-ins and validation', rows: pluginRows },
  { title: 'R7 Providers, overrides, extensions, security', rows: securityRows },
  { title: 'R8 Metrics', rows: metricRows },
  { title: 'R9 Command line', rows: commandRows },
  { title: 'R10 Suites of Apache Kafka', rows: suiteRows },
  { title: 'R12 Releases', rows: releaseRows },
];
