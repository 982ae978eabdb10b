/** A connector's config as it is kept and echoed: what was no string in JSON as its JSON text. */
export type ConnectorConfig = Readonly<Record<string, string>>;

/** A config on its way in. A null is an invalid value, in a patch it removes the key. */
export type ConnectorConfigInput = Readonly<Record<string, string | null>>;
