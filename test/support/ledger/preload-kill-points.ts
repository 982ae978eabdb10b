// Given to Node by `--import`: every thread of the worker then knows the points that lie in no
// plug-in, at the socket and at the offsets file.
import fsPromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import { KillPoint, SLOW_MS, type KillPointName } from './kill-point.ts';

const PRODUCE = 0;
const OFFSET_COMMIT = 8;
const API_KEY_AT = 4;
const POINTS = new Map<number, readonly [KillPointName, KillPointName]>([
  [PRODUCE, ['produce', 'produce-sent']],
  [OFFSET_COMMIT, ['offset-commit', 'offset-commit-sent']],
]);

/**
 * Watches the requests that a Kafka client writes: each is one chunk, or several while corked. Those
 * to produce are held back for so long, as on a slow link: a broker beside the worker acknowledges
 * so soon that an offset which is stored before its record would hardly ever be found out.
 */
function watchSockets(at: KillPoint, slowMs: number): void {
  const { prototype } = Socket;
  const cork = methodOf(prototype, 'cork');
  const uncork = methodOf(prototype, 'uncork');
  const write = methodOf(prototype, 'write');
  const corked = new Map<Socket, number>();
  const hold = (socket: Socket): void => {
    Reflect.apply(cork, socket, []);
    setTimeout(() => {
      Reflect.apply(uncork, socket, []);
      at.reached('produce-sent');
    }, slowMs);
  };
  Socket.prototype.cork = function (this: Socket): void {
    corked.set(this, -1);
    Reflect.apply(cork, this, []);
  };
  Socket.prototype.write = function (this: Socket, ...args: unknown[]): boolean {
    const [chunk] = args;
    const key = chunk instanceof Uint8Array ? keyOf(chunk) : -1;
    const isCorked = corked.has(this);
    const points = corked.get(this) === -1 || !isCorked ? POINTS.get(key) : undefined;
    if (isCorked && points !== undefined) corked.set(this, key);
    const isHeld = points !== undefined && key === PRODUCE && slowMs > 0;
    if (points !== undefined) at.reached(points[0]);
    if (isHeld) hold(this);
    const isTaken = Reflect.apply(write, this, args);
    if (!isCorked && points !== undefined && !isHeld) at.reached(points[1]);
    return Boolean(isTaken);
  };
  Socket.prototype.uncork = function (this: Socket): void {
    Reflect.apply(uncork, this, []);
    const key = corked.get(this) ?? -1;
    const points = POINTS.get(key);
    corked.delete(this);
    if (points !== undefined && !(key === PRODUCE && slowMs > 0)) at.reached(points[1]);
  };
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

function methodOf(holder: object, name: string): Method {
  const method: unknown = Reflect.get(holder, name);
  if (typeof method !== 'function') throw new Error(`a socket has no ${name}`);
  return function (this: unknown, ...args) {
    return Reflect.apply(method, this, args);
  };
}

function keyOf(chunk: Uint8Array): number {
  if (chunk.length < API_KEY_AT + 2) return -1;
  return ((chunk[API_KEY_AT] ?? 0) << 8) | (chunk[API_KEY_AT + 1] ?? 0);
}

/** Watches the renaming that replaces the offsets file. */
function watchRenaming(at: KillPoint): void {
  const { rename } = fsPromises;
  fsPromises.rename = async (from, to): Promise<void> => {
    at.reached('offsets-written');
    await rename(from, to);
    at.reached('offsets-renamed');
  };
  syncBuiltinESMExports();
}

const point = new KillPoint(process.env);
watchSockets(point, Number(process.env[SLOW_MS] ?? 0));
watchRenaming(point);
