// Goal: 0 records lost, doubled or reordered, whatever happens between the client and Apache Kafka. Method: seeded runs of
// production, transactions and read_committed consumption through a proxy that cuts, freezes and slows, on a broker that is frozen
// and killed; each asserts that its faults happened. SLUICE_FAULT_SEED replays one; SLUICE_FAULT_SEEDS says how many, from it on.
import { skipReason } from '@sluice/testing';
import { describeFaultRuns } from './faults/fault-suite.ts';

const SEEDS_DEFAULT = 200;
const first = process.env['SLUICE_FAULT_SEED'];
const count = Number(
  process.env['SLUICE_FAULT_SEEDS'] ?? (first === undefined ? SEEDS_DEFAULT : 1),
);

describeFaultRuns({
  title: 'many seeded fault runs',
  seeds: Array.from({ length: count }, (_, i) => Number(first ?? 1) + i),
  skip: await skipReason('kafka', 'many seeded fault runs'),
});
