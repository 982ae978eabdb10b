import type { PluginValue } from '../metrics/plugin-value.ts';
import type { Lane } from './lane.ts';
import type { Incarnation } from './lane-protocol.ts';

const ANSWER_MS_MAX = 2_000;

/** Who lives in a lane now: what was given up may measure on there, beside its next start. */
interface LaneLodgers {
  hasConnector(lane: Lane, name: string): boolean;
  hasTask(incarnation: Incarnation): boolean;
}

/** What the plug-ins of all connectors and tasks measure; a lane that is late is left out. */
export async function hostedPluginMetrics(
  lanes: readonly Lane[],
  lodgers: LaneLodgers,
): Promise<readonly PluginValue[]> {
  const answers = await Promise.all(lanes.map((lane) => inLane(lane, lodgers)));
  return answers.flat();
}

async function inLane(lane: Lane, lodgers: LaneLodgers): Promise<readonly PluginValue[]> {
  try {
    const { connectors, tasks } = await lane.channel.call('pluginMetrics', null, ANSWER_MS_MAX);
    return [
      ...connectors.filter(({ name }) => lodgers.hasConnector(lane, name)),
      ...tasks.filter(({ incarnation }) => lodgers.hasTask(incarnation)),
    ].flatMap(({ values }) => values);
  } catch {
    // Ended or blocked: others have to say so, and the other threads' plug-ins count all the same.
    return [];
  }
}
