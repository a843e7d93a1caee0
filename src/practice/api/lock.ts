import {randomUUID} from 'node:crypto';
import {linkSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {request} from 'node:https';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import type {Keys} from './pki.ts';

export type Owner = {readonly url: string; readonly pid: number};

const lockPath = (directory: string): string => join(directory, 'lock.json');

type Lock = {readonly id: string; readonly pid: number; readonly started: string};

/** Tells a process from another that later got its number, where the system shows it. */
function startedAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive({pid, started}: Lock): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startedAt(pid) === started;
}

function readLock(path: string): Lock | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Lock;
  } catch {
    return undefined;
  }
}

/** Takes the state directory for this process: the lock's id, or undefined when a living process has it. */
export async function acquireLock(directory: string): Promise<string | undefined> {
  const path = lockPath(directory);
  const id = randomUUID();
  const own = join(directory, `lock.${id}`);
  const mine: Lock = {id, pid: process.pid, started: startedAt(process.pid)};
  writeFileSync(own, JSON.stringify(mine), {mode: 0o600});
  try {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      try {
        // A link exists whole or not at all, and only one process can make it.
        linkSync(own, path);
        return id;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const held = readLock(path);
      if (held && isAlive(held)) return undefined;
      if (held) removeStale(directory, held);
      else await wait(10);
    }
    throw new Error(`The lock ${path} can be neither taken nor read: remove it when no kubekata runs.`);
  } finally {
    rmSync(own, {force: true});
  }
}

/** Moves a dead process's lock away; what turns out to be another's is put back. */
function removeStale(directory: string, stale: Lock): void {
  const aside = join(directory, `lock.${randomUUID()}`);
  try {
    renameSync(lockPath(directory), aside);
  } catch {
    return;
  }
  if (readLock(aside)?.id !== stale.id) {
    try {
      linkSync(aside, lockPath(directory));
    } catch {
      // Somebody has taken it meanwhile, and that is as good.
    }
  }
  rmSync(aside, {force: true});
}

export function releaseLock(directory: string, id: string): void {
  if (readLock(lockPath(directory))?.id === id) rmSync(lockPath(directory), {force: true});
}

/**
 * The process that serves the directory, once it answers.
 * @throws {Error} when it does not within ten seconds.
 */
export async function ownerOf(directory: string): Promise<Owner> {
  const deadline = Date.now() + 10_000;
  const pid = readLock(lockPath(directory))?.pid ?? 0;
  while (Date.now() < deadline) {
    try {
      const {url, pid: serving} = JSON.parse(readFileSync(join(directory, 'server.json'), 'utf8')) as Owner;
      const keys = JSON.parse(readFileSync(join(directory, 'keys.json'), 'utf8')) as Keys;
      if (serving === readLock(lockPath(directory))?.pid && (await isReady(url, keys)))
        return {url, pid: serving};
    } catch {
      // It is still starting: its files come one after the other.
    }
    await wait(50);
  }
  throw new Error(
    `Process ${pid} holds the practice cluster in ${directory} and does not answer: stop it and try again.`,
  );
}

const isReady = (url: string, keys: Keys): Promise<boolean> =>
  new Promise((resolve) => {
    const call = request(
      `${url}/readyz`,
      {ca: keys.ca, headers: {authorization: `Bearer ${keys.adminToken}`}, timeout: 1000, agent: false},
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    call.on('error', () => resolve(false));
    call.on('timeout', () => {
      call.destroy();
      resolve(false);
    });
    call.end();
  });
