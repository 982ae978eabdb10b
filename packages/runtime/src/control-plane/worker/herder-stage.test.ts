import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HerderStage } from './herder-stage.ts';

const TIME = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

function told(stage: HerderStage): string {
  return stage.sentence.replaceAll(TIME, '<time>');
}

test('R1.05 of what is under way the oldest is named, with the part it has come to', async () => {
  const stage = new HerderStage();
  stage.say('The worker takes commands.');
  const [stuck, started, young] = [0, 1, 2].map(() => Promise.withResolvers<null>());
  assert.ok(stuck !== undefined && started !== undefined && young !== undefined);
  const old = stage.during('configuring the connector a', async () => {
    await stage.during('validating', () => Promise.resolve());
    started.resolve(null);
    return stage.during('starting the connector a', () => stuck.promise);
  });
  await started.promise;
  const later = stage.during('configuring the connector b', () => young.promise);
  const starting = 'The worker is currently starting the connector a, which began at <time>.';
  assert.equal(told(stage), starting);
  young.resolve(null);
  await later;
  assert.equal(told(stage), starting);
  stuck.resolve(null);
  await old;
  assert.equal(
    told(stage),
    'The last operation the worker completed was configuring the connector a, which began at ' +
      '<time> and completed at <time>.',
  );
});

test('R1.05 what fails has ended too, and what is said stands until something begins', async () => {
  const stage = new HerderStage();
  assert.equal(told(stage), 'The worker is starting.');
  await assert.rejects(
    stage.during('deleting', () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.match(told(stage), /^The last operation the worker completed was deleting, which began/);
  stage.say('The worker is stopping.');
  assert.equal(told(stage), 'The worker is stopping.');
});
