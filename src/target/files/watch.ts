import {type FSWatcher, watch} from 'node:fs';

/** How long a burst of writes may last before it is looked at, in ms. */
const burst = 40;

/**
 * Follows folders until aborted: `onChange` is called once for a burst of writes, never while a call is under way.
 * `folders` is asked again after each, because folders come and go.
 */
export function watchFolders(
  folders: () => readonly string[],
  onChange: () => Promise<void>,
  signal: AbortSignal,
): void {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let isRunning = false;
  let isAgain = false;

  const follow = () => {
    const wanted = new Set(folders());
    for (const [folder, watcher] of watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of wanted) {
      if (watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, {persistent: true}, touch);
        watcher.on('error', () => {
          watcher.close();
          watchers.delete(folder);
        });
        watchers.set(folder, watcher);
      } catch {
        // Gone between the walk and now; its parent's watcher tells.
      }
    }
  };
  const run = async () => {
    timer = undefined;
    if (isRunning) {
      isAgain = true;
      return;
    }
    isRunning = true;
    try {
      await onChange();
      if (!signal.aborted) follow();
    } finally {
      isRunning = false;
      if (isAgain) {
        isAgain = false;
        touch();
      }
    }
  };
  const touch = () => {
    if (!signal.aborted) timer ??= setTimeout(run, burst);
  };
  signal.addEventListener(
    'abort',
    () => {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
    {once: true},
  );
  if (!signal.aborted) follow();
}
