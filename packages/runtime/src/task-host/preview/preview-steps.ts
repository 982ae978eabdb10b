import { messageOf } from '../../data-plane/errors/thrown.ts';
import { applyStep, type TransformationStep } from '../../data-plane/transformation-chain.ts';
import type { AnyRecord } from '@sluice/api';
import type { PreviewedStep } from '../contract.ts';
import { recordText } from './preview-text.ts';

/** Collects what a record looks like after each step; stops at the first that fails or drops it. */
export class StepTrail {
  readonly steps: PreviewedStep[] = [];

  show(step: string, record: PreviewedStep['record']): void {
    this.steps.push({ step, record, error: null });
  }

  /** Runs a step; `null` when it has failed, which is shown. */
  attempt<T>(step: string, run: () => T): { readonly value: T } | null {
    try {
      return { value: run() };
    } catch (error) {
      this.steps.push({ step, record: null, error: messageOf(error) });
      return null;
    }
  }

  /** The record behind all transformations; `null` when one dropped it or failed. */
  transform<R extends AnyRecord>(
    given: R,
    chain: readonly TransformationStep[],
    aliases: readonly string[],
  ): R | null {
    let record: R = given;
    for (const [at, link] of chain.entries()) {
      const step = `transformation:${aliases[at] ?? at}`;
      const subject: R = record;
      const done = this.attempt(step, () => applyStep(link, subject));
      if (done === null) return null;
      this.show(step, done.value === null ? null : recordText(done.value));
      if (done.value === null) return null;
      record = done.value;
    }
    return record;
  }
}
