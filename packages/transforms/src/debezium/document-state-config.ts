import { ConfigDef } from '@sluice/api';
import { validWord } from './config-problems.ts';

/** The keys of `ExtractNewDocumentState`; the last four are those of Debezium before 3. */
export const DOCUMENT_STATE_CONFIG = new ConfigDef({
  'delete.tombstone.handling.mode': {
    type: 'STRING',
    default: 'tombstone',
    importance: 'MEDIUM',
    width: 'MEDIUM',
    validator: validWord(
      'drop',
      'tombstone',
      'rewrite',
      'rewrite-with-tombstone',
      'delete-to-tombstone',
    ),
    doc:
      'What becomes of deletes and of the tombstones behind them. drop: both go. tombstone and ' +
      'delete-to-tombstone: a delete becomes a tombstone, the tombstone goes. rewrite: a delete ' +
      'becomes its old document (where the event has it) with __deleted, the tombstone goes. ' +
      'rewrite-with-tombstone: the same, the tombstone stays.',
  },
  'route.by.field': {
    type: 'STRING',
    default: '',
    importance: 'LOW',
    width: 'LONG',
    doc: 'Has no effect on documents, as in Debezium.',
  },
  'add.fields.prefix': {
    type: 'STRING',
    default: '__',
    importance: 'LOW',
    width: 'SHORT',
    doc: 'Stands before the name of each added field.',
  },
  'add.fields': {
    type: 'LIST',
    default: '',
    importance: 'LOW',
    width: 'LONG',
    doc: 'Metadata to add to the document: op, source.ts_ms, transaction.id:NEW_NAME ...',
  },
  'add.headers.prefix': {
    type: 'STRING',
    default: '__',
    importance: 'LOW',
    width: 'SHORT',
    doc: 'Stands before the name of each added header.',
  },
  'add.headers': {
    type: 'LIST',
    default: '',
    importance: 'LOW',
    width: 'LONG',
    doc: 'Metadata to add as headers, named as in add.fields.',
  },
  'array.encoding': {
    type: 'STRING',
    default: 'array',
    importance: 'MEDIUM',
    width: 'SHORT',
    validator: validWord('array', 'document'),
    doc:
      'array: arrays stay arrays, whose items have to be of one type. document: an array ' +
      'becomes a struct with the fields _0, _1 and so on, each of its own type.',
  },
  'flatten.struct': {
    type: 'BOOLEAN',
    default: false,
    importance: 'LOW',
    width: 'SHORT',
    doc: 'Whether nested documents are taken apart into fields of one struct.',
  },
  'flatten.struct.delimiter': {
    type: 'STRING',
    default: '_',
    importance: 'LOW',
    width: 'SHORT',
    doc: 'Stands between the names that the name of such a field is made of.',
  },
  'delete.tombstone.handling.mode.rewrite-with-id': {
    type: 'BOOLEAN',
    default: false,
    importance: 'LOW',
    width: 'SHORT',
    doc: "In the rewrite modes, whether a document without _id gets the key's id as such.",
  },
  'field.name.adjustment.mode': {
    type: 'STRING',
    default: 'none',
    importance: 'LOW',
    width: 'SHORT',
    validator: validWord('none', 'avro', 'avro_unicode'),
    doc: 'How field names are changed to those that Avro allows: none, avro or avro_unicode.',
  },
  'drop.tombstones': {
    type: 'BOOLEAN',
    default: true,
    importance: 'LOW',
    width: 'SHORT',
    doc: 'Older key: whether tombstones go. Counts without delete.tombstone.handling.mode only.',
  },
  'delete.handling.mode': {
    type: 'STRING',
    default: 'drop',
    importance: 'LOW',
    width: 'MEDIUM',
    validator: validWord('drop', 'rewrite', 'none'),
    doc:
      'Older key: what becomes of deletes; none makes tombstones of them. Counts without ' +
      'delete.tombstone.handling.mode only.',
  },
  'operation.header': {
    type: 'BOOLEAN',
    default: false,
    importance: 'LOW',
    width: 'SHORT',
    doc: 'Older key: whether the operation is added as the header __op. Use add.headers.',
  },
  'sanitize.field.names': {
    type: 'BOOLEAN',
    default: false,
    importance: 'LOW',
    width: 'SHORT',
    doc: 'Older key: true is field.name.adjustment.mode=avro.',
  },
});
