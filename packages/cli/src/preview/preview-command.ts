import { ConnectError } from '@sluice/api';
import type { PreviewReport, PreviewStep } from '@sluice/rest';
import { RestClient } from '@sluice/rest/client';
import {
  ConfigTryOut,
  ConnectorOffsets,
  Loggers,
  MemoryOffsetBackingStore,
  ThreadTaskHost,
  connectorValidator,
  readConnectorFile,
} from '@sluice/runtime';
import { EXIT_CODE } from '../exit-code.ts';
import { decodePreview } from '../lint/lint-answer.ts';
import { offlineWorker } from '../offline-worker.ts';
import { jsonText, type Terminal } from '../output/terminal.ts';
import { reportFailure } from '../output/report-failure.ts';

export interface PreviewArguments {
  readonly file: string;
  /** The worker's properties: they say where Kafka is. Needed unless a worker is asked. */
  readonly worker: string | null;
  /** Asks a worker that runs instead. */
  readonly url: string | null;
  readonly records: number;
  readonly isJson: boolean;
}

/** `sluice preview`: some records through a connector's config, step by step, nothing deployed. */
export async function previewCommand(args: PreviewArguments, terminal: Terminal): Promise<number> {
  let report: PreviewReport;
  try {
    const { config } = await readConnectorFile(args.file);
    const request = { config, records: args.records };
    report =
      args.url === null
        ? await previewHere(args.worker, request)
        : decodePreview(await new RestClient({ baseUrl: args.url }).preview(request));
  } catch (error) {
    return reportFailure(terminal, error);
  }
  terminal.out(args.isJson ? jsonText(report) : textOf(report, terminal));
  const hasFailed = report.records.some(({ steps }) => steps.some(({ error }) => error !== null));
  return hasFailed ? EXIT_CODE.findings : EXIT_CODE.ok;
}

type Request = Parameters<ConfigTryOut['preview']>[0];

async function previewHere(workerFile: string | null, request: Request): Promise<PreviewReport> {
  if (workerFile === null)
    throw new ConnectError(
      'A preview needs a worker: --worker worker.properties says where Kafka is and which ' +
        'converters are used, --url asks one that runs.',
    );
  const { context } = await offlineWorker(workerFile);
  const nobody = (): void => undefined;
  await using host = new ThreadTaskHost({
    listener: {
      onTaskStatus: nobody,
      onConnectorFailed: nobody,
      onTaskReconfigurationRequested: nobody,
      onTopicUsed: nobody,
    },
    offsets: new ConnectorOffsets(new MemoryOffsetBackingStore()),
    // What goes wrong is shown with the step; the rest would only be in the way.
    loggers: new Loggers({ rootLevel: 'ERROR' }),
  });
  const validator = connectorValidator(context, host);
  return await new ConfigTryOut({ host, worker: context, validator }).preview(request);
}

function textOf(report: PreviewReport, terminal: Terminal): string {
  const { paint } = terminal;
  const records = report.records.map(({ steps }, at) => {
    const lines = steps.map((step) => stepText(step, terminal));
    return `Record ${at + 1}\n${lines.join('')}`;
  });
  const notes = report.notes.map((note) => `${paint.faint(note)}\n`);
  return [...records, ...notes].join('\n');
}

function stepText({ step, record, error }: PreviewStep, { paint }: Terminal): string {
  if (error !== null) return `  ${step}: ${paint.bad(`failed: ${error}`)}\n`;
  if (record === null) return `  ${step}: ${paint.doubtful('dropped')}\n`;
  const fields = Object.entries(record)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `    ${paint.faint(`${name}:`)} ${value}\n`);
  return `  ${step}\n${fields.join('')}`;
}
