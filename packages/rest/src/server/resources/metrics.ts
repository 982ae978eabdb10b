import type { MetricFamily } from '../../contract/metrics.ts';
import { ok, type Resource, type ResourceContext } from '../resource.ts';

/** The version of the text format that Prometheus reads. */
const TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** `/metrics`, as Prometheus reads it, and the same numbers as JSON. */
export const METRIC_RESOURCES: readonly Resource[] = [
  {
    path: '/metrics',
    methods: {
      GET: {
        about: 'All metrics in the text format of Prometheus.',
        gives: { 200: 'Text' },
        isAnyTypeAccepted: true,
        run: async (context) => ({
          status: 200,
          text: prometheusText(await familiesOf(context)),
          contentType: TEXT_TYPE,
        }),
      },
    },
  },
  {
    path: '/sluice/v1/metrics',
    methods: {
      GET: {
        about: 'All metrics.',
        gives: { 200: 'MetricFamilies' },
        run: async (context) => ok(await familiesOf(context)),
      },
    },
  },
];

async function familiesOf({ herder }: ResourceContext): Promise<readonly MetricFamily[]> {
  return herder.metrics.families();
}

/** The exposition format, version 0.0.4. */
function prometheusText(families: readonly MetricFamily[]): string {
  const lines: string[] = [];
  for (const { name, help, type, samples } of families) {
    lines.push(`# HELP ${name} ${escaped(help, false)}`, `# TYPE ${name} ${type}`);
    for (const { labels, value } of samples) {
      const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text, true)}"`);
      const suffix = pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
      lines.push(`${name}${suffix} ${numberText(value)}`);
    }
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function escaped(text: string, isLabel: boolean): string {
  const safe = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return isLabel ? safe.replaceAll('"', '\\"') : safe;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
