// Goal and method: those of the long test beside, with a few seeds that have nearly every kind of fault between them.
import { skipReason } from '@sluice/testing';
import { describeFaultRuns } from './faults/fault-suite.ts';

describeFaultRuns({
  title: 'seeded fault runs',
  seeds: [2, 30, 39, 40, 58, 76],
  skip: await skipReason('kafka', 'seeded fault runs'),
});
