// Section 3: distributed mode.
import { later, rowsOf } from '../row.ts';

const group = rowsOf('distributed', {
  'R3.01': 'the group protocol connect and its three subprotocols by preference',
  'R3.02': 'no static membership; members leave on close and on a poll timeout',
  'R3.03': 'primitive types of the group’s messages',
  'R3.04': 'metadata of the eager protocol',
  'R3.05': 'metadata of compatible and sessioned',
  'R3.06': 'assignment of the eager protocol; -1 is the connector itself',
  'R3.07': 'assignment of compatible and sessioned: revoked, delay',
  'R3.08': 'error codes; versions from the future',
  'R3.09': 'the config offset that members tell',
  'R3.10': 'client config of the group; what wakes its poll',
  'R3.11': 'a leader that is behind reads, or answers a mismatch',
  'R3.12': 'eager: round robin',
  'R3.13': 'incremental: what is configured, active, previous, lost, created',
  'R3.14': 'a leader forgets what is of another generation',
  'R3.15': 'lost work waits for the scheduled delay',
  'R3.16': 'revocations for balance, with back-off',
  'R3.17': 'new work goes to the least loaded',
  'R3.18': 'a member stops what is revoked, then joins again',
  'R3.19': 'an eager member stops everything first',
  'R3.20': 'without a coordinator the worker stops its work; a stuck herder leaves',
  'R3.21': 'tasks of deleted connectors are revoked',
  'R3.22': 'what only the leader does',
});

const herder = rowsOf('distributed', {
  'R3.23': 'the order of a tick',
  'R3.24': 'what makes a rebalance and what does not',
  'R3.25': 'back-off of a worker that is out of sync',
  'R3.26': 'thread pool sizes and waits at a stop',
  'R3.27': 'when task configs are written again; retries',
  'R3.28': 'references are put back into task configs before they are stored',
  'R3.29': 'tasks.max.enforce with stored tasks',
  'R3.30': 'raiseError and requestTaskReconfiguration',
});

const topics = rowsOf('distributed', {
  'R3.31': 'config topic: connector',
  'R3.32': 'config topic: task',
  'R3.33': 'config topic: commit',
  'R3.34': 'config topic: target state',
  'R3.35': later('exactly-once', 'config topic: task count of the fencing'),
  'R3.36': 'config topic: session key',
  'R3.37': 'config topic: restart',
  'R3.38': 'config topic: log level',
  'R3.39': 'keys are told apart by prefix',
  'R3.40': 'task configs count only with a commit that fits',
  'R3.41': 'the connector config that the tasks came from',
  'R3.42': 'the order of records at create and delete',
  'R3.43': 'restart and log level are not replayed',
  'R3.44': 'a write is read back, in 30 s',
  'R3.45': 'which listener hears what',
  'R3.46': later('exactly-once', 'the leader’s transactional writes'),
  'R3.47': 'records of old workers',
  'R3.48': 'status topic: connectors and tasks',
  'R3.49': 'status topic: topics used',
  'R3.50': 'safe and plain writes of a status',
  'R3.51': 'retries of status writes',
  'R3.52': 'the leader removes statuses of what is gone',
  'R3.53': 'keys and values of the offsets topic',
  'R3.54': 'offsets are found by meaning and written back under the bytes they had',
  'R3.55': 'internal topics: creation and checks',
  'R3.56': 'clients of the internal topics',
  'R3.57': 'client ids of the internal topics',
  'R3.58': 'resolved values are never stored',
});

const signing = rowsOf('distributed', {
  'R3.59': 'session keys are made and rotated',
  'R3.60': 'the signature headers of internal requests',
  'R3.61': 'how signatures are checked',
  'R3.62': 'the two internal requests',
  'R3.63': 'the signature is lost on the second hop',
});

const fencing = rowsOf('exactly-once', {
  'R3.64': 'the steps of zombie fencing',
  'R3.65': 'fencing that fails fails the tasks',
  'R3.66': 'the second check after fencing; fenced at run time',
  'R3.67': 'requests for fencing share a round',
});

export const distributedRows = [...group, ...herder, ...topics, ...signing, ...fencing];
