import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { OwnedProcess } from './owned-process.ts';
import { waitUntil } from './wait-until.ts';

const node = (script: string, input?: string): Promise<OwnedProcess> =>
  OwnedProcess.start({
    what: 'a small script',
    command: process.execPath,
    args: ['-e', script],
    ...(input === undefined ? {} : { input }),
  });
const FOREVER = 'setInterval(() => {}, 1000); console.log("up")';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A process that owns another one and then does what `end` says; answers both ids. */
async function ownerThat(end: string): Promise<{ readonly owner: OwnedProcess; child: number }> {
  const module = fileURLToPath(new URL('./owned-process.ts', import.meta.url));
  const owner = await OwnedProcess.start({
    what: 'an owner',
    command: process.execPath,
    args: [
      '--conditions=@sluice/source',
      '--input-type=module',
      '-e',
      `import { OwnedProcess } from ${JSON.stringify(module)};
       const child = await OwnedProcess.start({ what: 'x', command: process.execPath,
         args: ['-e', ${JSON.stringify(FOREVER)}] });
       console.log('child=' + child.pid);
       ${end}`,
    ],
  });
  const found = await waitUntil('the id', () => /child=(\d+)/.exec(owner.stdout), {
    onTimeout: () => owner.outputTail(),
  });
  return { owner, child: Number(found[1]) };
}

describe('OwnedProcess', () => {
  it('keeps what is printed and tells how the process ended', async () => {
    await using child = await node('console.log("out"); console.error("err"); process.exit(3)');
    assert.deepEqual(await child.exited, { code: 3, signal: null });
    assert.equal(child.stdout, 'out\n');
    assert.equal(child.stderr, 'err\n');
    assert.equal(child.isRunning, false);
  });

  it('gives the input to the process', async () => {
    await using child = await node('process.stdin.pipe(process.stdout)', 'grün\n');
    await child.exited;
    assert.equal(child.stdout, 'grün\n');
  });

  it('is gone when disposed', async () => {
    let pid = 0;
    {
      await using child = await node(FOREVER);
      pid = child.pid;
      assert.ok(isAlive(pid));
    }
    assert.ok(!isAlive(pid));
  });

  it('stops by SIGTERM, and by SIGKILL when that is not enough', async () => {
    await using polite = await node('process.on("SIGTERM", () => process.exit(0));' + FOREVER);
    await waitUntil('it to be up', () => polite.stdout.includes('up'));
    assert.deepEqual(await polite.stop(), { code: 0, signal: null });
    await using deaf = await node('process.on("SIGTERM", () => {});' + FOREVER);
    await waitUntil('it to be up', () => deaf.stdout.includes('up'));
    assert.deepEqual(await deaf.stop(50), { code: null, signal: 'SIGKILL' });
  });

  it('says what could not be started', async () => {
    const started = OwnedProcess.start({ what: 'Nothing', command: 'no-such-program', args: [] });
    await assert.rejects(started, /Could not start Nothing \(no-such-program\)/);
  });

  for (const [how, end] of [
    ['throws', 'throw new Error("on purpose");'],
    ['exits', 'process.exit(0);'],
    ['is ended by SIGTERM', 'process.kill(process.pid, "SIGTERM");'],
  ] as const) {
    it(`does not outlive an owner that ${how}`, async () => {
      const { owner, child } = await ownerThat(end);
      await using _ = owner;
      const status = await owner.exited;
      if (how === 'is ended by SIGTERM') assert.equal(status.signal, 'SIGTERM');
      await waitUntil('the child to be gone', () => !isAlive(child));
    });
  }
});
