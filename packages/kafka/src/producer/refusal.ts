import type { ProduceAnswer } from './produce-request.ts';

/** A batch may hold a hundred thousand records, each refused with a text of its own. */
const RECORDS_SHOWN_MAX = 3;
const TEXT_SHOWN_MAX_LENGTH = 300;

/** The broker's own words about a batch that it refused, in a length that a log can take. */
export function refusalOf(answer: ProduceAnswer): string {
  const { errorMessage, recordErrors } = answer;
  const parts = errorMessage === null || errorMessage === '' ? [] : [cut(errorMessage)];
  for (const { batchIndex, batchIndexErrorMessage } of recordErrors.slice(0, RECORDS_SHOWN_MAX)) {
    parts.push(`record ${batchIndex}: ${cut(batchIndexErrorMessage ?? 'no reason given')}`);
  }
  const left = recordErrors.length - RECORDS_SHOWN_MAX;
  if (left > 0) parts.push(`and ${left} more records`);
  return parts.join('; ');
}

function cut(text: string): string {
  if (text.length <= TEXT_SHOWN_MAX_LENGTH) return text;
  return `${text.slice(0, TEXT_SHOWN_MAX_LENGTH)} ...`;
}
