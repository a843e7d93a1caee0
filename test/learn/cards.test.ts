import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {frameworks} from '../../controls/frameworks.ts';
import {DOMAINS} from '../../src/engine/curriculum.ts';
import {Inventory} from '../../src/engine/inventory.ts';
import {resourceOf} from '../../src/engine/objects.ts';
import {isRight, judge, parseCards} from '../../src/learn/cards.ts';
import {studyList} from '../../src/learn/catalogue.ts';
import {readWritten} from '../../src/learn/content.ts';
import {withoutPage} from '../../src/learn/documentation.ts';
import {cardsOfCluster} from '../../src/learn/generated-cards.ts';
import {lessonFiles, lessonOf} from '../helpers/lessons.ts';
import {scenarioObjects} from '../helpers/scenario-home.ts';

const root = join(import.meta.dirname, '../../src/learn');
const {cards, drills} = await readWritten(root);
const lessons = lessonFiles.map(({id}) => lessonOf(id));
const nsa = frameworks.nsa!;

describe('the written cards', () => {
  it('are 200 or more, each with its own id and its own question', () => {
    expect(cards.length).toBeGreaterThanOrEqual(200);
    expect(new Set(cards.map(({id}) => id)).size).toBe(cards.length);
    const plain = (text: string) =>
      text
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, ' ')
        .trim();
    const asked = cards.map(({question, yaml}) => `${plain(question)}\n${plain(yaml ?? '')}`);
    expect(asked.filter((one, index) => asked.indexOf(one) < index)).toEqual([]);
    const objects = cards.flatMap(({yaml}) => (yaml ? [plain(yaml)] : []));
    expect(objects.filter((one, index) => objects.indexOf(one) < index)).toEqual([]);
  });

  it('tell why each answer is right or wrong, no two answers alike', () => {
    for (const {id, options} of cards) {
      expect(new Set(options.map(({text}) => text)).size, id).toBe(options.length);
      expect(options.length, id).toBeLessThanOrEqual(6);
      for (const {why} of options) expect(why.length, `${id}: ${why}`).toBeGreaterThanOrEqual(14);
    }
  });

  it('with YAML have a verdict, which is that of the scanner', () => {
    const withYaml = cards.filter(({yaml}) => yaml !== undefined);
    expect(withYaml.length).toBeGreaterThan(10);
    for (const {id, yaml, verdicts} of withYaml) {
      expect(verdicts, `${id} needs a verdict`).not.toEqual([]);
      for (const verdict of verdicts) expect(judge(yaml!, verdict, nsa), id).toEqual(verdict);
    }
  });

  it('say of a control or a level what the scanner says of it, in the question and in the right answer', () => {
    const bad = 'fails?|objects?|reports?|refuses?|rejects?';
    const good = 'pass(?:es)?|lets?|admits?|accepts?';
    const claimOf = (text: string, name: string): readonly boolean[] => [
      ...(new RegExp(`\\b${name}(?: \\([^)]*\\))? (?:still )?(?:${bad})\\b`).test(text) ? [true] : []),
      ...(new RegExp(`\\b${name}(?: \\([^)]*\\))? (?:still )?(?:${good})\\b`).test(text) ? [false] : []),
    ];
    const wrong: string[] = [];
    let compared = 0;
    for (const {id, question, options, verdicts} of cards) {
      for (const verdict of verdicts) {
        const isBad = 'control' in verdict ? verdict.fails : verdict.rejected;
        const name = 'control' in verdict ? verdict.control : verdict.level;
        const isAsked = new RegExp(
          `(?:^|[.:] )Do(?:es)?\\b.*\\b${name} (?:${good}|${bad})\\b|, and does control ${name}`,
        ).test(question);
        const right = options.filter(({correct}) => correct).map(({text}) => text);
        const claims = [
          ...(isAsked ? [] : claimOf(question, name)),
          ...right.flatMap((text) => claimOf(text, name)),
          ...(verdicts.length === 1 ? right.flatMap((text) => claimOf(text, '(?:[Ii]t|the control)')) : []),
          ...(/\bpass\b/.test(question) && isAsked
            ? right.flatMap((text) => (/^Yes/.test(text) ? [false] : /^No\b/.test(text) ? [true] : []))
            : []),
        ];
        compared += claims.length > 0 ? 1 : 0;
        if (claims.some((claim) => claim !== isBad)) wrong.push(`${id}: ${name}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThanOrEqual(25);
  });

  it('name a lesson and a heading that are there, or a page', () => {
    for (const {id, source} of cards) {
      const [, name, heading] = /^([a-z-]+)#(.+)$/.exec(source) ?? [];
      if (name === undefined) continue;
      const lesson = lessons.find((one) => one.id === name);
      expect(lesson, `${id}: there is no lesson ${name}`).toBeDefined();
      expect(
        lesson?.sections.map((section) => section.heading),
        id,
      ).toContain(heading);
    }
  });

  it('say file and line of what is wrong', () => {
    const text = '- id: one\n  competency: hardening/nothing\n';
    expect(() => parseCards(text, 'cards/x.yaml')).toThrow(
      'cards/x.yaml:2: hardening/nothing is no competency of the curriculum.',
    );
  });
});

describe('cards about the objects of the cluster', () => {
  const inventory = new Inventory(scenarioObjects().map((object) => resourceOf(object)));

  it('have right and wrong objects, judged by the scanner', () => {
    for (const seed of [1, 2, 3, 4]) {
      const made = cardsOfCluster(inventory, nsa, seed);
      expect(made.length).toBeGreaterThanOrEqual(3);
      for (const card of made) {
        expect(
          card.options.some(({correct}) => correct),
          card.id,
        ).toBe(true);
        expect(
          card.options.some(({correct}) => !correct),
          card.id,
        ).toBe(true);
        for (const [, ...values] of card.rows) expect(values).toHaveLength(card.options.length);
      }
    }
  });

  it('are others another day, with the same ids', () => {
    const [one, two] = [1, 2].map((seed) => cardsOfCluster(inventory, nsa, seed));
    expect(one!.map(({id}) => id)).toEqual(two!.map(({id}) => id));
    expect(one!.map(({options}) => options.map(({text}) => text))).not.toEqual(
      two!.map(({options}) => options.map(({text}) => text)),
    );
  });

  it('are right only with all the right marks', () => {
    const [card] = cardsOfCluster(inventory, nsa, 1);
    const right = new Set(card!.options.flatMap(({correct}, index) => (correct ? [index] : [])));
    expect(isRight(card!, right)).toBe(true);
    expect(isRight(card!, new Set())).toBe(false);
  });
});

describe('the curriculum', () => {
  const list = studyList({
    cards,
    drills,
    lessons: lessons.map(({id, title, competencies}) => ({id, title, competencies})),
  });

  it('has a lesson, cards and a drill for every competency', () => {
    const lacking = list.competencies.filter(
      (one) => one.lessons.length === 0 || one.cards === 0 || one.drills.length === 0,
    );
    expect(list.competencies).toHaveLength(26);
    expect(lacking).toEqual([]);
  });

  it('names a page of the documentation for every competency', () => {
    expect(withoutPage()).toEqual([]);
  });

  it('has 40 drills or more, of three levels, in every domain', () => {
    expect(drills.length).toBeGreaterThanOrEqual(40);
    expect(new Set(drills.map(({difficulty}) => difficulty)).size).toBe(3);
    for (const {id} of DOMAINS) {
      expect(
        drills.some(({competencies}) => competencies[0]?.startsWith(`${id}/`)),
        id,
      ).toBe(true);
    }
  });

  it('has tasks in ASCII, in lines that a terminal of 80 columns shows', () => {
    for (const drill of drills) {
      expect(drill.title.length, drill.id).toBeLessThanOrEqual(40);
      expect(drill.hints.length, drill.id).toBeGreaterThanOrEqual(2);
      const text = readFileSync(join(drill.folder, 'drill.yaml'), 'utf8');
      expect(text, drill.id).toMatch(/^[\x20-\x7e\n]*$/);
    }
  });
});
