import { ConfigDef } from '@sluice/api';

/**
 * Dead letters of source connectors, which Java has none of; hence under Sluice's own names. The
 * keys mean what `errors.deadletterqueue.*` means for sinks.
 */
export const SOURCE_DEAD_LETTER_CONFIG = new ConfigDef({
  'sluice.errors.deadletterqueue.topic.name': {
    type: 'STRING',
    default: '',
    importance: 'MEDIUM',
    doc: 'The topic that takes source records which could not be processed; empty: none.',
  },
  'sluice.errors.deadletterqueue.topic.replication.factor': {
    type: 'SHORT',
    default: 3,
    importance: 'MEDIUM',
    doc: 'The replication factor of that topic, should it have to be created.',
  },
  'sluice.errors.deadletterqueue.context.headers.enable': {
    type: 'BOOLEAN',
    default: true,
    importance: 'MEDIUM',
    doc: 'Whether headers on the dead letters tell what went wrong and where.',
  },
});
