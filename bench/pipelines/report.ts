import { median } from '../measure/process-cost.ts';
import type { RunResult } from './measured-run.ts';
import { MEMORY_GOALS, MEMORY_MAX_MB, type MeasuredPipeline } from './pipeline.ts';
import type { Settings } from './workers.ts';

/** The runs of one pipeline, in turn. */
export type Cell = [ours: RunResult[], theirs: RunResult[]];

/** The head of the table in README.md. */
export function headOf(other: string): string {
  const columns = [
    'pipeline',
    'settings',
    'ours, k/CPU-s',
    `${other}, k/CPU-s`,
    'ratio',
    'of runs',
    'goal',
    'ours MB',
    `${other} MB`,
    'memory',
    'goal',
    'ours k/s',
    `${other} k/s`,
  ];
  return `| ${columns.join(' | ')} |\n|${'---|'.repeat(columns.length)}`;
}

/** A row of it: medians; the ratio is the median of those of each pair of runs. */
export function rowOf(
  direction: 'source' | 'sink',
  pipeline: MeasuredPipeline,
  settings: Settings,
  cell: Cell,
): string {
  const [ours, theirs] = cell;
  const of = (list: readonly RunResult[], value: (result: RunResult) => number): number =>
    median(list.map(value));
  const rate = ({ recordsPerCpuSecond }: RunResult): number => recordsPerCpuSecond / 1000;
  const ratios = ours.map((result, i) => rate(result) / rate(theirs[i] ?? result));
  const ratio = median(ratios);
  const oursMb = of(ours, ({ peakRssMb }) => peakRssMb);
  const theirsMb = of(theirs, ({ peakRssMb }) => peakRssMb);
  const goal = pipeline.goals[direction][settings];
  const memoryGoal = MEMORY_GOALS[direction];
  const isSmall = oursMb / theirsMb <= memoryGoal && oursMb <= MEMORY_MAX_MB;
  const columns = [
    `${direction} ${pipeline.name}`,
    settings,
    of(ours, rate).toFixed(0),
    of(theirs, rate).toFixed(0),
    ratio.toFixed(2),
    `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
    goal.toFixed(1) + (ratio >= goal ? '' : ' missed'),
    oursMb.toFixed(0),
    theirsMb.toFixed(0),
    (oursMb / theirsMb).toFixed(2),
    memoryGoal.toFixed(2) + (isSmall ? '' : ' missed'),
    of(ours, ({ recordsPerSecond }) => recordsPerSecond / 1000).toFixed(0),
    of(theirs, ({ recordsPerSecond }) => recordsPerSecond / 1000).toFixed(0),
  ];
  return `| ${columns.join(' | ')} |`;
}
