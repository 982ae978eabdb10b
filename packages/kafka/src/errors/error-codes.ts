import { ERROR_CODES } from '@sluice/protocol';

/** Codes that the client branches on, under Kafka's names. */
export const CODE = ERROR_CODES;
