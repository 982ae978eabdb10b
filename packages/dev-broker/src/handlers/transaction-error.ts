import { errorCode, type ErrorName } from '@sluice/protocol';
import { BrokerError } from '../storage/broker-error.ts';

/** Before this version of AddPartitionsToTxn, AddOffsetsToTxn and EndTxn, nobody knew "fenced". */
const FENCED_SINCE_VERSION = 2;

/** Asks the coordinator, and gives its answer as the code that the client's version knows. */
export async function transactionErrorCode(
  apiVersion: number,
  ask: () => Promise<ErrorName>,
): Promise<number> {
  const error = await ask().catch((thrown: unknown) => {
    if (thrown instanceof BrokerError) return thrown.code;
    throw thrown;
  });
  const isToldFenced = error !== 'PRODUCER_FENCED' || apiVersion >= FENCED_SINCE_VERSION;
  return errorCode(isToldFenced ? error : 'INVALID_PRODUCER_EPOCH');
}
