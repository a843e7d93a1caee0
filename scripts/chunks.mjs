// How the bundle is cut. By itself rolldown makes a chunk for each set of commands that share a module: the screens came
// in 52, and to find, open and link each cost more than to compile it (first frame: -20 ms).

import {fileURLToPath} from 'node:url';

const command = (name) => fileURLToPath(new URL(`../src/cli/${name}`, import.meta.url));

/** The modules that come with one, itself too, without those that it loads later. */
function closureOf(start, context) {
  const found = new Set([start]);
  for (const id of found) for (const next of context.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  return found;
}

/** What the screens share with others, in the order of who loads least. */
const shared = [
  {name: 'start', with: command('run.ts')},
  {name: 'basics', with: command('practice-worker.ts')},
  {name: 'scanning', with: command('print-scan.ts')},
  {name: 'fixing', with: command('fix/fix.ts')},
  {name: 'terminal', with: command('study.ts')},
];

export const groups = () => {
  const closures = new Map();
  const isIn = (entry, id, context) => {
    if (!closures.has(entry)) closures.set(entry, closureOf(entry, context));
    return closures.get(entry).has(id);
  };
  return shared.map(({name, with: entry}, index) => ({
    priority: shared.length - index,
    name: (id, context) => {
      if (!isIn(command('walk.ts'), id, context) || !isIn(entry, id, context)) return null;
      return shared.slice(0, index).some((before) => isIn(before.with, id, context)) ? null : name;
    },
  }));
};
