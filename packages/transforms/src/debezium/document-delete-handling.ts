import type { Props } from '@sluice/api';
import { DOCUMENT_STATE_CONFIG } from './document-state-config.ts';

/** What becomes of deletes and of the tombstones behind them. */
export interface DeleteHandling {
  readonly onDelete: 'drop' | 'tombstone' | 'rewrite';
  readonly keepsTombstones: boolean;
  /** Every value gets `__deleted`. */
  readonly isRewrite: boolean;
}

/**
 * The handling that a config asks for: by `delete.tombstone.handling.mode`, or, where that is not
 * there but one of them is, by the older `drop.tombstones` and `delete.handling.mode`.
 */
export function deleteHandling(props: Props): DeleteHandling {
  const config = DOCUMENT_STATE_CONFIG.parse(props);
  const isOld =
    !Object.hasOwn(props, 'delete.tombstone.handling.mode') &&
    (Object.hasOwn(props, 'drop.tombstones') || Object.hasOwn(props, 'delete.handling.mode'));
  const key = isOld ? 'delete.handling.mode' : 'delete.tombstone.handling.mode';
  const mode = config[key].trim().toLowerCase();
  const isRewrite = mode.startsWith('rewrite');
  const keepsTombstones = isOld ? !config['drop.tombstones'] : mode === 'rewrite-with-tombstone';
  const onDelete = isRewrite ? 'rewrite' : mode === 'drop' ? 'drop' : 'tombstone';
  return { onDelete, keepsTombstones, isRewrite };
}
