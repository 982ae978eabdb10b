import type { LintFinding } from '@sluice/rest';
import { RestClient } from '@sluice/rest/client';
import {
  findingText,
  findingsWithOrigins,
  lintConnector,
  readConnectorFile,
} from '@sluice/runtime';
import { EXIT_CODE } from '../exit-code.ts';
import { offlineWorker } from '../offline-worker.ts';
import { jsonText, type Terminal } from '../output/terminal.ts';
import { reportFailure } from '../output/report-failure.ts';
import { decodeLint } from './lint-answer.ts';

export interface LintArguments {
  readonly files: readonly string[];
  /** The worker's properties; `null` for defaults. */
  readonly worker: string | null;
  /** Asks a worker that runs instead, with its plug-ins. */
  readonly url: string | null;
  readonly isStrict: boolean;
  readonly isJson: boolean;
}

interface FileFindings {
  readonly file: string;
  readonly findings: readonly LintFinding[];
}

/** `sluice lint`: what is doubtful in worker and connector files, with what was probably meant. */
export async function lintCommand(args: LintArguments, terminal: Terminal): Promise<number> {
  let results: readonly FileFindings[];
  try {
    results = await lintAll(args);
  } catch (error) {
    return reportFailure(terminal, error);
  }
  if (args.isJson) terminal.out(jsonText(results));
  else for (const result of results) terminal.out(textOf(result, terminal));
  const all = results.flatMap(({ findings }) => findings);
  const isBad =
    all.some(({ severity }) => severity === 'error') || (args.isStrict && all.length > 0);
  return isBad ? EXIT_CODE.findings : EXIT_CODE.ok;
}

async function lintAll(args: LintArguments): Promise<readonly FileFindings[]> {
  const { files, worker, url, isStrict } = args;
  const results: FileFindings[] = [];
  const offline = url === null ? await offlineWorker(worker) : null;
  if (offline !== null && worker !== null) {
    const findings = offline.warnings.map((message) => workerFinding(message, isStrict));
    results.push({ file: worker, findings });
  }
  for (const file of files) {
    const { config, origins } = await readConnectorFile(file);
    const report =
      offline === null
        ? decodeLint(await new RestClient({ baseUrl: url ?? '' }).lint(config))
        : lintConnector(config, { catalog: offline.context.catalog, isStrict });
    results.push({ file, findings: findingsWithOrigins(report.findings, origins) });
  }
  return results;
}

function workerFinding(message: string, isStrict: boolean): LintFinding {
  const severity = isStrict ? 'error' : 'warning';
  return { severity, rule: 'worker-config', key: null, message, suggestion: null };
}

function textOf({ file, findings }: FileFindings, { paint }: Terminal): string {
  if (findings.length === 0) return `${file}: ${paint.good('ok')}\n`;
  const lines = findings.map((finding) => {
    const label = finding.severity === 'error' ? paint.bad('error') : paint.doubtful('warning');
    return `  ${label}: ${findingText(finding)}\n`;
  });
  return `${file}:\n${lines.join('')}`;
}
