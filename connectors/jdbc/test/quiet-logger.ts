import type { Logger } from '@sluice/api';

const nothing = (): void => undefined;

/** Says nothing. */
export const quietLogger: Logger = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
