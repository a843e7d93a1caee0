import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {DOMAINS} from '../../src/engine/curriculum.ts';
import {type Card, readCards} from '../../src/learn/cards.ts';
import {readDrills} from '../../src/learn/drill.ts';
import {drawExam} from '../../src/learn/exam.ts';

const root = join(import.meta.dirname, '../..');
const cards = await readCards(join(root, 'src/learn/cards'));
const drills = await readDrills(join(root, 'src/learn/drills'));
const competencies = DOMAINS.flatMap((domain) => domain.competencies.map(({id}) => id));

/** Values that are there more than once. */
const repeated = (values: readonly string[]) => values.filter((value, at) => values.indexOf(value) !== at);
const ids = (wrong: (card: Card) => boolean) => cards.filter(wrong).map(({id}) => id);

describe('cards', () => {
  it('are 200 or more, six or more for each competency', () => {
    expect(cards.length).toBeGreaterThanOrEqual(200);
    const few = competencies.filter((id) => cards.filter(({competency}) => competency === id).length < 6);
    expect(few).toEqual([]);
  });

  it('have three or more answers, and not all of them are right', () => {
    expect(ids(({options}) => options.length < 3)).toEqual([]);
    expect(ids(({options}) => options.every(({correct}) => correct))).toEqual([]);
  });

  it('name a lesson, or a page of the documentation', () => {
    expect(ids(({source}) => !/^(?:[a-z-]+#[A-Z]|Kubernetes documentation, \w)/.test(source))).toEqual([]);
  });

  it('are written in plain ASCII', () => {
    expect(ids((card) => /[^\n\x20-\x7e]/.test(JSON.stringify(card)))).toEqual([]);
  });

  it('are about manifests in 60 cases or more', () => {
    expect(ids(({yaml}) => yaml !== undefined).length).toBeGreaterThanOrEqual(60);
  });
});

describe('drills', () => {
  it('are 40 or more, one or more for each competency, of all three difficulties', () => {
    expect(drills.length).toBeGreaterThanOrEqual(40);
    const without = competencies.filter((id) => !drills.some(({competencies: [own]}) => own === id));
    expect(without).toEqual([]);
    expect(new Set(drills.map(({difficulty}) => difficulty))).toEqual(new Set(['easy', 'medium', 'hard']));
  });

  it('share no namespace, so that an exam can hold any of them at once', () => {
    expect(repeated(drills.flatMap(({namespaces}) => namespaces))).toEqual([]);
  });

  it('have two to four hints, and tasks that fit into 80 columns', () => {
    expect(drills.filter(({hints}) => hints.length < 2 || hints.length > 4).map(({id}) => id)).toEqual([]);
    const wide = drills.filter(({task}) => task.split('\n').some((line) => line.length > 76));
    expect(wide.map(({id}) => id)).toEqual([]);
  });

  it('have a wrong solution for each criterion and no other', () => {
    for (const {id, folder, criteria} of drills) {
      const wrong = readdirSync(join(folder, 'wrong')).sort();
      expect({id, wrong}).toEqual({id, wrong: criteria.map((one) => `${one.id}.sh`).sort()});
    }
  });

  it('that work on one file of a node are never in one exam', () => {
    const onApiServer = drills
      .filter(({folder}) => readFileSync(join(folder, 'drill.yaml'), 'utf8').includes('kube-apiserver.yaml'))
      .map(({id}) => id);
    expect(onApiServer.length).toBeGreaterThan(1);
    for (let seed = 0; seed < 100; seed += 1) {
      const {tasks} = drawExam(drills, 120, seed, new Date(0));
      expect(tasks.filter(({drill}) => onApiServer.includes(drill)).length).toBeLessThanOrEqual(1);
    }
  });
});
