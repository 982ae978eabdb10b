import {
  newSinkRecord,
  newSourceRecord,
  type AnyRecord,
  type PredicatePlugin,
  type Props,
  type TransformationPlugin,
} from '@sluice/api';
import { registerChecks, type Check, type Exceptions } from './check.ts';
import { pluginChecks, type PluginSuiteOptions } from './plugin-checks.ts';
import { sampleValue, type SampleForm } from './record-samples.ts';
import {
  exampleChecks,
  recordChecks,
  transformationChecks,
  type AtWork,
  type RecordParts,
  type TransformationDriver,
  type TransformationExample,
} from './transformation-checks.ts';

/** What authors of transformations and predicates may tell. */
interface RecordSuiteOptions extends PluginSuiteOptions {
  /** Its config, without `transforms.alias.`. Default: none. */
  readonly props?: Props;
  /**
   * What keys and values hold in the records that it is tried on: numbers, texts, booleans, bytes.
   * Default: `{ id: 7, name: 'seven', isOdd: true }`.
   */
  readonly sample?: Readonly<Record<string, unknown>>;
  /** Forms of that sample which it refuses by a ConnectError. Default: none. */
  readonly refuses?: readonly Exclude<SampleForm, 'odd'>[];
  /** Checks known not to pass, each with the reason; they must fail. */
  readonly except?: Exceptions;
}

/** How to check a transformation. */
export interface TransformationSuiteOptions extends RecordSuiteOptions {
  readonly plugin: TransformationPlugin;
  /** What some records become: each is a test, on both sides. */
  readonly examples?: readonly TransformationExample[];
}

/** How to check a predicate. */
export interface PredicateSuiteOptions extends RecordSuiteOptions {
  readonly plugin: PredicatePlugin;
}

const SAMPLE = { id: 7, name: 'seven', isOdd: true };

export const TRANSFORMATION_CHECKS: readonly Check<TransformationDriver<AnyRecord | null>>[] = [
  ...pluginChecks,
  ...recordChecks<AnyRecord | null>(),
  ...transformationChecks,
];

export const PREDICATE_CHECKS: readonly Check<TransformationDriver<unknown>>[] = [
  ...pluginChecks,
  ...recordChecks<unknown>(),
  {
    id: 'answers',
    title: 'its answer is true or false',
    run(driver) {
      const record = newSourceRecord({ topic: 'orders', value: driver.sample.map });
      const answer = driver.open().apply(record);
      if (typeof answer !== 'boolean') throw new TypeError(`test() answers ${String(answer)}`);
    },
  },
];

/** Makes the tests of a transformation. See `docs/guides/test-a-plugin.md`. */
export function transformationSuite(options: TransformationSuiteOptions): void {
  const checks = [...TRANSFORMATION_CHECKS, ...exampleChecks(options.examples ?? [], bothSides)];
  const heading = `conformance of ${options.plugin.className}`;
  registerChecks(heading, checks, transformationDriver(options), options.except);
}

/** Makes the tests of a predicate. See `docs/guides/test-a-plugin.md`. */
export function predicateSuite(options: PredicateSuiteOptions): void {
  const heading = `conformance of ${options.plugin.className}`;
  registerChecks(heading, PREDICATE_CHECKS, predicateDriver(options), options.except);
}

/** What the checks need, of what the author told. */
export function transformationDriver(
  options: TransformationSuiteOptions,
): TransformationDriver<AnyRecord | null> {
  return recordDriver(options, options.plugin, (props) => {
    const transformation = options.plugin.create();
    transformation.configure(props);
    return {
      apply: (record) => transformation.apply(record),
      close: () => transformation.close?.(),
    };
  });
}

/** What the checks need, of what the author told. */
export function predicateDriver(options: PredicateSuiteOptions): TransformationDriver<unknown> {
  return recordDriver(options, options.plugin, (props) => {
    const predicate = options.plugin.create();
    predicate.configure(props);
    return { apply: (record) => predicate.test(record), close: () => predicate.close?.() };
  });
}

function recordDriver<T>(
  options: RecordSuiteOptions,
  plugin: TransformationPlugin | PredicatePlugin,
  open: (props: Props) => AtWork<T>,
): TransformationDriver<T> {
  const props: Props = Object.freeze({ ...options.props });
  return {
    ...options,
    plugin,
    sample: sampleValue(options.sample ?? SAMPLE),
    refuses: options.refuses ?? [],
    open: (given = props) => open(given),
    async withProps(use) {
      await use(props);
    },
    validate: (given) => plugin.config.validate(given),
    readConfig: (given) => open(given).close(),
  };
}

/** A record of these parts on each side. */
function bothSides(parts: RecordParts): readonly AnyRecord[] {
  const { kafkaPartition, ...rest } = parts;
  const init = { topic: 'orders', ...rest };
  const partition = kafkaPartition === undefined ? {} : { kafkaPartition };
  return [
    newSourceRecord({ ...init, ...partition }),
    newSinkRecord({ ...init, kafkaPartition: kafkaPartition ?? 0, kafkaOffset: 0 }),
  ];
}
