import { messageWithOrigin, type ConfigOrigins } from '@sluice/api';
import type { LintFinding } from '@sluice/rest';

/** Findings that tell where the doubtful key was written; those about no key stay as they are. */
export function findingsWithOrigins(
  findings: readonly LintFinding[],
  origins: ConfigOrigins,
): readonly LintFinding[] {
  return findings.map((finding) => {
    const { key, message } = finding;
    const origin = key === null ? undefined : origins.get(key);
    if (key === null || origin === undefined) return finding;
    return { ...finding, message: messageWithOrigin(message, key, origin) };
  });
}
