// Sections 4 and 5: source and sink tasks.
import { differs, inPart, later, rowsOf } from '../row.ts';

export const sourceRows = rowsOf('worker', {
  'R4.01': 'a task that is wanted PAUSED starts only when resumed; else initialize, start, RUNNING',
  'R4.02': 'what a source’s context offers',
  'R4.03':
    'the loop: pause, poll, null, convert and send; a batch goes on at the record that failed',
  'R4.04': 'a retriable error of poll counts as nothing',
  'R4.05': 'the order of steps per record; filtered records are told to commitRecord',
  'R4.06': 'errors of sending: retried, fatal, or skipped, by their kind and the tolerance',
  'R4.07': 'sources report by log alone; Sluice’s dead letters for sources are off by default',
  'R4.08': 'commitRecord with metadata after each acknowledgement',
  'R4.09': 'partition, timestamp and key may be null',
  'R4.10': 'the committable offset is the newest of the acknowledged prefix of its partition',
  'R4.11': 'the commit timer, its timeout, and SourceTask.commit',
  'R4.12': 'the order of a stop; the last commit waits for records in flight',
  'R4.13': 'a task that does not stop in time is given up; its later results are ignored',
  'R4.14':
    'a failure is FAILED with its trace, after a last commit; after a stop it is only logged',
  'R4.15': 'a paused task keeps its resources and its commits',
  'R4.16': 'defaults of the producer, then the worker’s, then the connector’s',
  'R4.17': later('exactly-once', 'the transactional producer'),
  'R4.18': later('exactly-once', 'the consumer of offsets'),
  'R4.19': later('exactly-once', 'transaction boundaries'),
  'R4.20': later('exactly-once', 'what differs with exactly-once'),
  'R4.21': later('exactly-once', 'checks before the start'),
  'R4.22': later('distributed', 'offset stores of a connector’s own'),
  'R4.23': 'topic creation by the first group that fits',
  'R4.24': 'what the metrics of a source count',
});

export const sinkRows = rowsOf('worker', {
  'R5.01': 'the group and the defaults of the consumer, then the worker’s, then the connector’s',
  'R5.02': 'what a sink’s context offers',
  'R5.03': 'subscribe, initialize, start; open comes with the first poll',
  'R5.04': 'when commits start and time out; how long a poll waits',
  'R5.05': 'put is called for empty polls too',
  'R5.06': 'the order of conversion; filtered records advance; the original coordinates are kept',
  'R5.07': 'a retriable error of put delivers the same batch again; any other fails the task',
  'R5.08': 'preCommit decides what is committed; what happens when it throws',
  'R5.09': 'commits are numbered; late answers are ignored',
  'R5.10': 'the order of a rebalance: preCommit, close, commit; lost partitions; errors inside',
  'R5.11': 'eager and cooperative assignors, by exact calls of open and close',
  'R5.12': 'context.offset rewinds before the next poll',
  'R5.13': 'pause, resume and stop of a connector',
  'R5.14': 'the order of a stop',
  'R5.15': 'which errors are tolerable where; with tolerance none they are reported, then fatal',
  'R5.16': 'retries: delay, its maximum, deadline, stop',
  'R5.17': 'the names of the stages',
  'R5.18': 'the dead-letter topic, its clients, its records',
  'R5.19': 'the headers of a dead letter',
  'R5.20': 'what the log says of an error',
  'R5.21': 'the errant record reporter',
  'R5.22': 'a transformation applies where its predicate says so, negated or not',
});

export const pluginRows = rowsOf('worker', {
  'R6.01': 'the kinds of plug-ins',
  'R6.02': 'places on plugin.path, each on its own',
  'R6.03': 'modes of discovery',
  'R6.04': 'the newest version, or the one asked for',
  'R6.05': 'aliases',
  'R6.06': differs(
    'class loaders are swapped around each call of a plug-in',
    'each package has its own modules by npm’s nesting; there is nothing to swap',
  ),
  'R6.07': 'the steps of a validation',
  'R6.08': 'which clients’ overrides the policy sees',
  'R6.09': 'converters are told what they are for',
  'R6.10': 'types, importance, width, recommenders, dependents, validators',
  'R6.11': 'keys that nobody defines',
  'R6.12': later('distributed', 'checks of distributed mode'),
  'R6.13': 'each fault of a class is told by its own words',
  'R6.14': 'a validation that blocks holds nobody else up',
  'R6.15': 'the plug-ins that come along',
  'R6.16': 'which version of a converter is taken',
});

export const securityRows = rowsOf('worker', {
  'R7.01': 'the syntax of references; unknown ones stay as they stand',
  'R7.02': 'when references are resolved; configs are kept raw',
  'R7.03': 'a time to live restarts the connector, unless config.action.reload=none',
  'R7.04': inPart(
    'the three providers and their limits',
    'the system property that restricts them concerns clients’ own configs only, and is not read',
  ),
  'R7.05': 'override policies: All, None, Principal, Allowlist',
  'R7.06': inPart(
    'REST extensions: order, filters, paths, what they see of the cluster, close',
    'the time limit of their calls waits for distributed mode',
  ),
  'R7.07': 'the Basic auth extension',
  'R7.08': later('distributed', 'the Authorization header goes to the leader'),
});

export const metricRows = rowsOf('worker', {
  'R8.01': 'connector-metrics',
  'R8.02': 'connector-task-metrics',
  'R8.03': inPart('source-task-metrics', 'transaction sizes wait for exactly-once'),
  'R8.04': 'sink-task-metrics',
  'R8.05': 'task-error-metrics',
  'R8.06': 'connect-worker-metrics',
  'R8.07': 'connect-worker-metrics by connector',
  'R8.08': later('distributed', 'connect-worker-rebalance-metrics'),
  'R8.09': later('distributed', 'connect-coordinator-metrics'),
  'R8.10': inPart(
    'connect-metrics, connect-node-metrics, app-info',
    'the first two are those of the group’s client and wait for distributed mode',
  ),
  'R8.11': 'states in lower case; labels of the context',
  'R8.12':
    'classes and versions of tasks, converters, transformations, predicates; metrics of their own',
});

export const commandRows = rowsOf('worker', {
  'R9.01': inPart(
    'usage and exit codes of a worker',
    'those of connect-distributed wait for distributed mode',
  ),
  'R9.02':
    'connector files: flat JSON, a create request, properties; one that fails stops the start',
  'R9.03': 'standalone: starting until the files are done; offsets as Java’s serialised map',
  'R9.04': 'standalone REST equals distributed, but for internal endpoints',
  'R9.05': inPart(
    'log config of the environment; connector.context in the log',
    'there is no Java heap to set',
  ),
  'R9.06': 'the order of start and stop',
  'R9.07': later('mirroring', 'the dedicated MirrorMaker'),
  'R9.08': differs(
    'connect-plugin-path',
    'packages carry their manifests, so there are none to write; sluice plugins list tells the rest',
  ),
  'R9.09': inPart('sample files start', 'that of connect-distributed waits for distributed mode'),
});
