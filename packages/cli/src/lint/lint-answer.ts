import { ConnectError } from '@sluice/api';
import type { LintReport, PreviewReport } from '@sluice/rest';

/** A worker's answer to `POST /sluice/v1/lint`. @throws ConnectError when it is something else */
export function decodeLint(answer: unknown): LintReport {
  if (isObject(answer) && Array.isArray(answer['findings'])) return answer as unknown as LintReport;
  throw notOurs();
}

/** A worker's answer to `POST /sluice/v1/preview`. @throws ConnectError when it is something else */
export function decodePreview(answer: unknown): PreviewReport {
  if (isObject(answer) && Array.isArray(answer['records']))
    return answer as unknown as PreviewReport;
  throw notOurs();
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function notOurs(): ConnectError {
  return new ConnectError(
    'What answers there is not a Sluice worker: only these know lint and preview. Use --worker ' +
      'with a worker file instead.',
    { code: 'CONNECT_REST_NOT_SLUICE' },
  );
}
