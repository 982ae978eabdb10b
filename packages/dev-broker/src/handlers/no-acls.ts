import { errorCode } from '@sluice/protocol';

/** What every question about ACLs is told, as by a Kafka without an authorizer. */
export const NO_ACLS = {
  errorCode: errorCode('SECURITY_DISABLED'),
  errorMessage: 'No Authorizer is configured on the broker',
} as const;
