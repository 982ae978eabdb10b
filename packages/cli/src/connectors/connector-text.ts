import type { ConnectorStateInfo } from '@sluice/rest';
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
export function offsetsTable(answer: unknown): string {
  const offsets: unknown =
    typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'offsets') : null;
  if (!Array.isArray(offsets) || offsets.length === 0) return 'none\n';
  const rows = offsets.map((entry: unknown) => [
    partOf(entry, 'partition'),
    partOf(entry, 'offset'),
  ]);
  return tableText([['PARTITION', 'OFFSET'], ...rows]);
}

function partOf(entry: unknown, key: 'partition' | 'offset'): string {
  const part: unknown =
    typeof entry === 'object' && entry !== null ? Reflect.get(entry, key) : null;
  return JSON.stringify(part);
}

/** The message and its causes; the frames between them are for `--json`. */
function indented(trace: string): string {
  return trace
    .split('\n')
    .filter((line) => !line.startsWith('\tat '))
    .map((line) => `  ${line}\n`)
    .join('');
}
