/** Names that mark a schema's values as logical types. Their schemas all have version 1. */
export const DECIMAL_LOGICAL_NAME = 'org.apache.kafka.connect.data.Decimal';
export const DATE_LOGICAL_NAME = 'org.apache.kafka.connect.data.Date';
export const TIME_LOGICAL_NAME = 'org.apache.kafka.connect.data.Time';
export const TIMESTAMP_LOGICAL_NAME = 'org.apache.kafka.connect.data.Timestamp';

/** The parameter of a Decimal schema that holds its scale, as decimal text. */
export const DECIMAL_SCALE_PARAMETER = 'scale';

/** The class that a logical name's values have, `null` for names that mean nothing special. */
export function logicalClassOf(name: string | null): 'Decimal' | 'Date' | null {
  switch (name) {
    case DECIMAL_LOGICAL_NAME:
      return 'Decimal';
    case DATE_LOGICAL_NAME:
    case TIME_LOGICAL_NAME:
    case TIMESTAMP_LOGICAL_NAME:
      return 'Date';
    default:
      return null;
  }
}
