/** What stands above the tables of docs/reference/conformance.md. */
export const introduction = `# Conformance: Kafka Connect's behaviour, row by row

Made by \`npm test -- --conformance\` and \`node tools/conformance/write-document.ts\`; do not edit it by hand. Each row is one
behaviour of Kafka Connect; the rows stand in \`tools/conformance/rows.ts\`. A row is **proven** when tests that carry its id in
their titles made assertions and passed; **in part** when something of it waits or is not tested, and it says what; it
**differs** where Sluice does otherwise on purpose (see \`docs/DIFFERENCES.md\`); it **waits** when it belongs to a part of the
product that is not built yet. Behind a file stands the number of its tests when there is more than one.`;
