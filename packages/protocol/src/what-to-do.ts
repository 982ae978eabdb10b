import type { ErrorName } from './gen/error-table.ts';

/**
 * What a person can do about the errors that people meet; ends of messages, so each is a whole
 * sentence.
 */
export const WHAT_TO_DO: Readonly<Partial<Record<ErrorName, string>>> = {
  UNKNOWN_SERVER_ERROR: 'Look into the log of the broker that answered: it has the cause.',
  OFFSET_OUT_OF_RANGE:
    'The records at that offset are gone or not there yet: check the retention of the topic, or ' +
    'set auto.offset.reset to where reading should go on.',
  CORRUPT_MESSAGE:
    'Try again; if it stays, a disk or a network device between client and broker damages data.',
  UNKNOWN_TOPIC_OR_PARTITION:
    'Create the topic, or check its name; right after creation, or without permission to see ' +
    'it, brokers give the same answer.',
  INVALID_FETCH_SIZE: 'Set fetch.max.bytes and max.partition.fetch.bytes to positive numbers.',
  LEADER_NOT_AVAILABLE:
    'Wait for the leader election to end; if it does not, check that brokers are up.',
  NOT_LEADER_OR_FOLLOWER: 'Nothing: the client looks up the new leader and tries again.',
  REQUEST_TIMED_OUT:
    'Check that enough brokers are in sync and not overloaded, or raise request.timeout.ms.',
  BROKER_NOT_AVAILABLE:
    'Check that the broker runs and that its advertised.listeners can be reached.',
  REPLICA_NOT_AVAILABLE: 'Nothing: the client looks up the replicas and tries again.',
  MESSAGE_TOO_LARGE:
    'Raise max.message.bytes of the topic (message.max.bytes of the broker), or send smaller ' +
    'records.',
  OFFSET_METADATA_TOO_LARGE:
    'Raise offset.metadata.max.bytes of the broker, or commit with less metadata.',
  NETWORK_EXCEPTION: 'Check the network path to the broker, and whether the broker was restarted.',
  COORDINATOR_LOAD_IN_PROGRESS:
    'Wait: the coordinator is reading its state after a move or a restart.',
  COORDINATOR_NOT_AVAILABLE:
    'Wait; if it stays, check that the partitions of __consumer_offsets (or __transaction_state) ' +
    'have leaders.',
  NOT_COORDINATOR: 'Nothing: the client looks up the coordinator and tries again.',
  INVALID_TOPIC_EXCEPTION:
    'Use a name of at most 249 letters, digits, dots, underscores and hyphens.',
  RECORD_LIST_TOO_LARGE:
    'Lower batch.size, or raise segment.bytes of the topic: the batch is larger than a segment.',
  NOT_ENOUGH_REPLICAS: 'Bring more replicas in sync, or lower min.insync.replicas of the topic.',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND:
    'Bring more replicas in sync, or lower min.insync.replicas of the topic; the records may ' +
    'have been written.',
  INVALID_REQUIRED_ACKS: 'Set acks to 0, 1 or all.',
  ILLEGAL_GENERATION: 'Nothing: the group went on without this member, which joins again.',
  INCONSISTENT_GROUP_PROTOCOL:
    'Give all members of the group one assignment strategy in common, or use another group.id: ' +
    'the group may belong to a different kind of client.',
  INVALID_GROUP_ID: 'Set group.id to a text that is not empty.',
  UNKNOWN_MEMBER_ID: 'Nothing: the group removed this member, which joins again.',
  INVALID_SESSION_TIMEOUT:
    'Choose session.timeout.ms between group.min.session.timeout.ms and ' +
    'group.max.session.timeout.ms of the broker.',
  REBALANCE_IN_PROGRESS: 'Nothing: the member joins the rebalance and goes on after it.',
  TOPIC_AUTHORIZATION_FAILED:
    'Allow the principal the operation on the topic (for instance with kafka-acls).',
  GROUP_AUTHORIZATION_FAILED:
    'Allow the principal READ on the group (for instance with kafka-acls).',
  CLUSTER_AUTHORIZATION_FAILED:
    'Allow the principal the operation on the cluster (for instance with kafka-acls).',
  INVALID_TIMESTAMP:
    'Give records timestamps within the bounds of the topic (message.timestamp.before.max.ms, ' +
    'message.timestamp.after.max.ms).',
  UNSUPPORTED_SASL_MECHANISM:
    'Set sasl.mechanism to one that the listener has in sasl.enabled.mechanisms.',
  ILLEGAL_SASL_STATE:
    'Check that security.protocol is the one of the listener that the port belongs to.',
  UNSUPPORTED_VERSION: 'Use a broker that has the API in this version, or switch the feature off.',
  TOPIC_ALREADY_EXISTS: 'Use the existing topic, or another name.',
  INVALID_PARTITIONS: 'Ask for more partitions than the topic has now, and for at least one.',
  INVALID_REPLICATION_FACTOR:
    'Ask for at most as many replicas as there are brokers (1 on a single broker).',
  INVALID_REPLICA_ASSIGNMENT: 'Name existing brokers, each once per partition.',
  INVALID_CONFIG: 'Check the names and values of the settings that were sent.',
  NOT_CONTROLLER: 'Nothing: the client looks up the controller and tries again.',
  INVALID_REQUEST: 'Look into the log of the broker: it says what it dislikes about the request.',
  UNSUPPORTED_FOR_MESSAGE_FORMAT: 'Convert or re-create the topic: its record format is too old.',
  POLICY_VIOLATION: 'Ask the administrators of the cluster: a policy of theirs forbids this.',
  OUT_OF_ORDER_SEQUENCE_NUMBER:
    'Records may be lost: check the log for failed sends before this one, and restart the ' +
    'producer.',
  INVALID_PRODUCER_EPOCH: 'Start a new producer; a newer one with this transactional.id may exist.',
  INVALID_TXN_STATE: 'Abort the transaction and begin a new one.',
  INVALID_PRODUCER_ID_MAPPING:
    'Start a new producer: the broker forgot this one (transactional.id.expiration.ms).',
  INVALID_TRANSACTION_TIMEOUT:
    'Set transaction.timeout.ms to at most transaction.max.timeout.ms of the broker.',
  CONCURRENT_TRANSACTIONS:
    'Wait: the previous transaction of this transactional.id is still ending.',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
    'Allow the principal WRITE and DESCRIBE on the transactional id (for instance with ' +
    'kafka-acls).',
  SECURITY_DISABLED: 'Set authorizer.class.name on the brokers if access rules are wanted.',
  KAFKA_STORAGE_ERROR: 'Check the disks of the broker and the log directories in its log.',
  LOG_DIR_NOT_FOUND: 'Name a directory that log.dirs of the broker holds.',
  SASL_AUTHENTICATION_FAILED:
    'Check user name and password (sasl.jaas.config) and that the user exists on the cluster.',
  UNKNOWN_PRODUCER_ID: 'Restart the producer; the records it wrote last may have been deleted.',
  REASSIGNMENT_IN_PROGRESS: 'Wait until the running reassignment has ended, or cancel it.',
  NON_EMPTY_GROUP: 'Stop the members of the group first.',
  GROUP_ID_NOT_FOUND: 'Check group.id: there is no such group (any more).',
  TOPIC_DELETION_DISABLED: 'Set delete.topic.enable=true on the brokers.',
  FENCED_LEADER_EPOCH: 'Nothing: the client looks up the leader and tries again.',
  UNKNOWN_LEADER_EPOCH: 'Nothing: the broker catches up and the client tries again.',
  UNSUPPORTED_COMPRESSION_TYPE: 'Choose a compression.type that the broker supports.',
  STALE_BROKER_EPOCH: 'Look into the log of the broker: it was registered again.',
  OFFSET_NOT_AVAILABLE: 'Nothing: the new leader catches up and the client tries again.',
  GROUP_MAX_SIZE_REACHED: 'Raise group.max.size on the brokers, or run fewer members.',
  FENCED_INSTANCE_ID:
    'Give each member its own group.instance.id: another one joined with the same.',
  GROUP_SUBSCRIBED_TO_TOPIC: 'Stop the consumers of the topic in that group first.',
  INVALID_RECORD:
    'Check the records against the rules of the topic: a compacted topic needs a key in each.',
  UNSTABLE_OFFSET_COMMIT: 'Wait: a transaction that holds offsets of the group is still open.',
  THROTTLING_QUOTA_EXCEEDED: 'Wait, or raise the quota of this principal or client id.',
  PRODUCER_FENCED:
    'Run only one producer per transactional.id: a newer one has taken over from this one.',
  RESOURCE_NOT_FOUND: 'Check the name: there is no such resource.',
  DUPLICATE_RESOURCE: 'Name each resource once per request.',
  UNACCEPTABLE_CREDENTIAL: 'Choose a user name that is not empty and 4096 to 16384 iterations.',
  UNKNOWN_TOPIC_ID: 'Nothing: the topic was created anew; the client looks it up again.',
  INCONSISTENT_TOPIC_ID: 'Nothing: the topic was created anew; the client looks it up again.',
  INCONSISTENT_CLUSTER_ID: 'Check bootstrap.servers: the broker belongs to another cluster.',
  TRANSACTIONAL_ID_NOT_FOUND: 'Check transactional.id: the cluster has no such transaction.',
  OFFSET_MOVED_TO_TIERED_STORAGE: 'Use a client and settings that can read tiered storage.',
  FENCED_MEMBER_EPOCH: 'Nothing: the group went on without this member, which joins again.',
  UNRELEASED_INSTANCE_ID:
    'Stop the member that uses this group.instance.id, or wait for its session to end.',
  UNSUPPORTED_ASSIGNOR: 'Choose a group.remote.assignor that the brokers have.',
  STALE_MEMBER_EPOCH: 'Nothing: the member learns its epoch at the next heartbeat.',
  MISMATCHED_ENDPOINT_TYPE:
    'Use bootstrap.servers for brokers and bootstrap.controllers for controllers.',
  TRANSACTION_ABORTABLE: 'Abort the transaction and begin a new one.',
  INVALID_REGULAR_EXPRESSION: 'Write the subscription pattern in the syntax of RE2/J.',
  REBOOTSTRAP_REQUIRED: 'Nothing: the client connects to bootstrap.servers again.',
};
