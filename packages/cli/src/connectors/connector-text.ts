import type { ConnectorOffsets, ConnectorStateInfo } from '@sluice/rest';
import { paintState, type Paint } from '../output/paint.ts';
import { tableText } from '../output/table.ts';

/** A status for people: a line for the connector and each task, then why what failed has failed. */
export function statusText(status: ConnectorStateInfo, paint: Paint): string {
  const { name, connector, tasks, type } = status;
  const rows = [
    ['CONNECTOR', 'TYPE', 'STATE', 'WORKER'],
    [name, type, paintState(paint, connector.state), connector.worker_id],
    ...tasks.map(({ id, state, worker_id }) => [
      `${name}-${id}`,
      'task',
      paintState(paint, state),
      worker_id,
    ]),
  ];
  const failures = [
    ...(connector.trace === undefined ? [] : [`${name}:\n${indented(connector.trace)}`]),
    ...tasks.flatMap(({ id, trace }) =>
      trace === undefined ? [] : [`${name}-${id}:\n${indented(trace)}`],
    ),
  ];
  return tableText(rows) + failures.map((failure) => `\n${failure}`).join('');
}

/** The answer to `GET /connectors/{c}/offsets` as a table. */
export function offsetsTable({ offsets }: ConnectorOffsets): string {
  if (offsets.length === 0) return 'none\n';
  const rows = offsets.map(({ partition, offset }) => [
    JSON.stringify(partition),
    JSON.stringify(offset),
  ]);
  return tableText([['PARTITION', 'OFFSET'], ...rows]);
}

/** The message and its causes; the frames between them are for `--json`. */
function indented(trace: string): string {
  return trace
    .split('\n')
    .filter((line) => !line.startsWith('\tat '))
    .map((line) => `  ${line}\n`)
    .join('');
}
