/** The version of this package. */
export const SLUICE_VERSION = '0.1.0';

/**
 * What `GET /` reports: clients read a Kafka version out of it and switch features on by it, so it
 * begins with the version whose behaviour this worker has.
 */
export const WORKER_VERSION = `4.3.1-sluice${SLUICE_VERSION}`;

/** Java reports the commit it was built from; a published package knows none. */
export const WORKER_COMMIT = 'unknown';
