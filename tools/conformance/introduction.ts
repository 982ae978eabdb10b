/** What stands above the tables of docs/reference/conformance.md. */
export const introduction = `# Conformance: Kafka Connect's behaviour, row by row

Made by \`npm test -- --conformance\` and \`node tools/conformance/write-document.ts\`; do not edit it by hand. Each row is one
behaviour of Kafka Connect; the rows stand in \`tools/conformance/rows.ts\`. A row is **proven** when tests that carry its id in
their titles made assertions and passed; **in part** when something of it waits or is not tested, and it says what; it
**differs** where Sluice does otherwise on purpose (see \`docs/DIFFERENCES.md\`); it **waits** when it belongs to a part of the
product that is not built yet. Behind a file stands the number of its tests when there is more than one.

Spot check of 2026-11-21: twelve behaviours were broken on purpose, one at a time, and each time tests of the row failed: R1.16
(a third hop), R1.24 (Location not encoded), R1.69 (times move without a change), R2.54 (a converter gets the worker's settings
too), R4.10 (an offset overtakes records before it), R4.23 (named groups take no topic), R5.08 (offsets beyond what was read),
R5.16 (the wait does not grow), R6.04 (the oldest version wins), R7.05 (Principal allows \`acks\`), R8.07 (failed tasks counted
twice), R9.03 (another load factor in the offsets file).`;
