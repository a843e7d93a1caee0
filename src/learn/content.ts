import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {type Card, readCards} from './cards.ts';
import {type Drill, readDrills} from './drill.ts';

export type Written = {readonly drills: readonly Drill[]; readonly cards: readonly Card[]};

/** Where the build puts drills and cards as they are parsed: their YAML takes half a second. */
export const compiledStudy = 'study.json';

/** Drills and cards from the folders `drills` and `cards` of a folder. @throws {ContentError} */
export async function readWritten(folder: string): Promise<Written> {
  const [drills, cards] = await Promise.all([
    readDrills(join(folder, 'drills')),
    readCards(join(folder, 'cards')),
  ]);
  return {drills, cards};
}

/** What the build wrote into its folder; the files of drills lie in `drills` there. */
export async function readCompiled(folder: string): Promise<Written> {
  const {drills, cards} = JSON.parse(await readFile(join(folder, compiledStudy), 'utf8')) as Written;
  return {cards, drills: drills.map((drill) => ({...drill, folder: join(folder, 'drills', drill.id)}))};
}
