import type { Logger } from '@sluice/api';

/** Takes what a plug-in logs and says nothing. */
export const SILENT_LOGGER: Logger = Object.freeze({
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
});
