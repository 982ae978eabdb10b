import type { ConfigSpec, PluginType } from '@sluice/api';

/** Kinds of plug-in that can be begun with a template. */
export const TEMPLATE_KINDS = ['source', 'sink', 'transformation'] as const;
export type TemplateKind = (typeof TEMPLATE_KINDS)[number];

/** What the texts of a template name. */
export interface TemplateNames {
  readonly className: string;
  /** The export of the package's module: `ordersSource`. */
  readonly exportName: string;
}

/** What a kind of plug-in begins with. */
export interface PluginTemplate {
  readonly type: PluginType;
  /** What Java's class names of this kind end in. */
  readonly suffix: string;
  /** In a sentence, for the README. */
  readonly does: string;
  /** The keys of the code's ConfigDef, for the manifest. */
  readonly config: ConfigSpec;
  code(names: TemplateNames): string;
  test(names: TemplateNames): string;
}
