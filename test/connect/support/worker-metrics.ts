import type { MetricFamily, MetricSample } from '@sluice/rest';
import type { ConnectWorker } from './connect-worker.ts';
import { eventually } from './connector-states.ts';

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

/** By task; those of a thread that is busy when it is asked are missing. */
async function taskMetric(
  worker: ConnectWorker,
  name: string,
  connector: string,
): Promise<readonly number[]> {
  const samples = await metricSamples(worker, name, connector);
  return samples
    .toSorted((a, b) => Number(a.labels['task']) - Number(b.labels['task']))
    .map(({ value }) => value);
}

/** Waits until what the tasks of a connector tell of a metric is right. */
export async function taskMetricIs(
  worker: ConnectWorker,
  name: string,
  connector: string,
  isRight: (values: readonly number[]) => boolean,
): Promise<void> {
  let last: readonly number[] = [];
  await eventually(
    `${name} of ${connector} to be right`,
    async () => {
      last = await taskMetric(worker, name, connector);
      return isRight(last);
    },
    () => `its values are [${last.join(', ')}]`,
  );
}
