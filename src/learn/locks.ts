import {mkdir} from 'node:fs/promises';
import {setTimeout as pause} from 'node:timers/promises';

/** Locks on folders, which one living process holds at a time; a lock of a process that died is free. */
export type Locks = {
  /** The lock's id, undefined when a living process has it. The folder has to be there. */
  acquire(folder: string): Promise<string | undefined>;
  release(folder: string, id: string): void;
};

const patience = 10_000;
const waitTime = 20;

/** Does a short work while no other process does one in the same folder. @throws {Error} when another never ends. */
export async function alone<T>(folder: string, locks: Locks, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, {recursive: true, mode: 0o700});
  const end = Date.now() + patience;
  let id = await locks.acquire(folder);
  while (id === undefined) {
    if (Date.now() > end) {
      throw new Error(`another kubekata has held ${folder} for ${patience / 1000} seconds`);
    }
    await pause(waitTime);
    id = await locks.acquire(folder);
  }
  try {
    return await work();
  } finally {
    locks.release(folder, id);
  }
}
