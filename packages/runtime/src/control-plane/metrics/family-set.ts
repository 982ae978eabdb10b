import type { MetricFamily, MetricSample } from '@sluice/rest';
import type { MetricValues } from '../../metrics/metric-values.ts';
import { metricHelp, metricName, metricType } from './metric-name.ts';

type Labels = MetricSample['labels'];

interface Family extends MetricFamily {
  readonly samples: MetricSample[];
}

/** Collects samples under their families' names. */
export class FamilySet {
  readonly #families = new Map<string, Family>();

  /** All values of one group, with the labels that Java has as tags. */
  addGroup(group: string, values: MetricValues, labels: Labels): void {
    for (const [attribute, value] of Object.entries(values)) {
      const help = metricHelp(group, attribute);
      this.add(metricName(group, attribute), help, metricType(attribute), labels, value);
    }
  }

  /** A text value: as a label of a sample that is always 1. */
  addInfo(name: string, help: string, labels: Labels): void {
    this.add(name, help, 'gauge', labels, 1);
  }

  add(name: string, help: string, type: MetricFamily['type'], labels: Labels, value: number): void {
    let family = this.#families.get(name);
    if (family === undefined) {
      family = { name, help, type, samples: [] };
      this.#families.set(name, family);
    }
    family.samples.push({ labels, value });
  }

  /** Sorted by name. */
  sorted(): readonly MetricFamily[] {
    return [...this.#families.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
