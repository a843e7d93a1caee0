import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {frameworks} from '../../controls/frameworks.ts';
import {DOMAINS} from '../../src/engine/curriculum.ts';
import {LESSON_HEADINGS} from '../../src/engine/lesson.ts';
import {type Card, judge, readCards} from '../../src/learn/cards.ts';
import {readDrills} from '../../src/learn/drill.ts';

const root = join(import.meta.dirname, '../..');
const cards = await readCards(join(root, 'src/learn/cards'));
const drills = await readDrills(join(root, 'src/learn/drills'));
const competencies = DOMAINS.flatMap((domain) => domain.competencies.map(({id}) => id));

/** Values that are there more than once. */
const repeated = (values: readonly string[]) => values.filter((value, at) => values.indexOf(value) !== at);
const ids = (wrong: (card: Card) => boolean) => cards.filter(wrong).map(({id}) => id);

function hasSource({source}: Card): boolean {
  const [, lesson, heading] = /^([a-z-]+)#(.+)$/.exec(source) ?? [];
  if (lesson === undefined) return source.startsWith('Kubernetes documentation, ');
  return existsSync(join(root, `lessons/${lesson}.md`)) && LESSON_HEADINGS.some((known) => known === heading);
}

describe('cards', () => {
  it('are 200 or more, six or more for each competency', () => {
    expect(cards.length).toBeGreaterThanOrEqual(200);
    const few = competencies.filter((id) => cards.filter(({competency}) => competency === id).length < 6);
    expect(few).toEqual([]);
  });

  it('have ids of their own, and no two share question and manifests', () => {
    expect(repeated(cards.map(({id}) => id))).toEqual([]);
    expect(repeated(cards.map(({question, yaml = ''}) => `${question}\n${yaml}`))).toEqual([]);
  });

  it('say for each of three or more answers why it is right or wrong', () => {
    expect(ids(({options}) => options.length < 3)).toEqual([]);
    expect(ids(({options}) => options.every(({correct}) => correct))).toEqual([]);
    expect(ids(({options}) => repeated(options.map(({text}) => text)).length > 0)).toEqual([]);
  });

  it('name a heading of a lesson, or a page of the documentation', () => {
    expect(ids((card) => !hasSource(card))).toEqual([]);
  });

  it('are written in plain ASCII', () => {
    expect(ids((card) => /[^\n\x20-\x7e]/.test(JSON.stringify(card)))).toEqual([]);
  });

  it('have a verdict wherever they show manifests, 60 or more', () => {
    expect(ids(({yaml, verdicts}) => yaml !== undefined && verdicts.length === 0)).toEqual([]);
    expect(ids(({yaml}) => yaml !== undefined).length).toBeGreaterThanOrEqual(60);
  });

  it.each(cards.flatMap((card) => card.verdicts.map((verdict) => ({...card, verdict}))))(
    '$id says what the scanner says',
    ({yaml, verdict}) => {
      expect(judge(yaml ?? '', verdict, frameworks.nsa)).toEqual(verdict);
    },
  );
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
});
