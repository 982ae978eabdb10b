import type { MetricFamily, MetricSample } from '@sluice/rest';
import type { ConnectWorker } from './connect-worker.ts';

/** The samples of one metric of a connector, by the name that the JMX exporter's rules give it. */
export async function metricSamples(
  worker: ConnectWorker,
  name: string,
  connector: string,
): Promise<readonly MetricSample[]> {
  const answer = await fetch(`${worker.url}/sluice/v1/metrics`);
  const families: readonly MetricFamily[] = JSON.parse(await answer.text());
  const family = families.find((each) => each.name === name);
  if (family === undefined) throw new Error(`The worker has no metric ${name}`);
  return family.samples.filter(({ labels }) => labels['connector'] === connector);
}

/** The values of one metric of a connector's tasks, by task. */
export async function taskMetric(
  worker: ConnectWorker,
  name: string,
  connector: string,
): Promise<readonly number[]> {
  const samples = await metricSamples(worker, name, connector);
  return samples
    .toSorted((a, b) => Number(a.labels['task']) - Number(b.labels['task']))
    .map(({ value }) => value);
}
