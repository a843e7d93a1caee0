import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {frameworks} from '../controls/index.ts';
import {hasShared, shared} from './helpers/shared.ts';

describe.skipIf(!hasShared)('the editions', () => {
  type Entry = {readonly id: string; readonly name: string; readonly baseScore: number};
  const wanted = (
    hasShared ? JSON.parse(readFileSync(shared('conformance/controls.json'), 'utf8')) : {}
  ) as Readonly<Record<string, readonly Entry[]>>;

  it.each(Object.values(frameworks).filter(({id}) => id in wanted))(
    'have ids, names and weights of $id',
    ({id, entries}) => {
      const byId = (a: {readonly id: string}, b: {readonly id: string}) => a.id.localeCompare(b.id);
      expect(entries.map(({id, title, baseScore}) => ({id, name: title, baseScore})).sort(byId)).toEqual(
        (wanted[id] ?? []).map(({id, name, baseScore}) => ({id, name, baseScore})).sort(byId),
      );
    },
  );
});
