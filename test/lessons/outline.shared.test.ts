import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {DOMAINS, domainById} from '../../src/engine/curriculum.ts';
import {lessonFiles, lessonOf} from '../helpers/lessons.ts';
import {hasShared, shared} from '../helpers/shared.ts';

type Practice = {
  readonly id: string;
  readonly section: string;
  readonly cks2021: string | null;
  readonly cksToday: readonly string[];
  readonly controls: readonly string[];
};
type DomainFacts = {
  readonly id: string;
  readonly domain: string;
  readonly weight: number;
  readonly competencies?: readonly {readonly id: string; readonly title: string}[];
};

const read = <T>(path: string): T => JSON.parse(readFileSync(shared(path), 'utf8')) as T;

describe.skipIf(!hasShared)('lessons against the outlines', () => {
  const {practices} = hasShared ? read<{practices: Practice[]}>('data/nsa-outline.json') : {practices: []};

  it('has a lesson for each practice, and no other', () => {
    expect(lessonFiles.map(({id}) => id)).toEqual(practices.map(({id}) => id).sort());
  });

  it.each(practices)('$id says what the outline says', ({id, section, cks2021, cksToday, controls}) => {
    const lesson = lessonOf(id);
    const nameOf = (domain: Parameters<typeof domainById>[0]) => domainById(domain).name;
    expect(lesson.section).toBe(section);
    expect(lesson.cks2021 && nameOf(lesson.cks2021)).toBe(cks2021);
    expect(lesson.cksToday.map(nameOf)).toEqual(cksToday);
    expect(lesson.controls.filter((one) => one.startsWith('C-'))).toEqual(controls);
    expect(lesson.controls.length).toBeGreaterThan(0);
  });

  it.each(practices)('$id names competencies of its own domains, one of each at least', ({id}) => {
    const lesson = lessonOf(id);
    const domains = new Set(lesson.competencies.map((competency) => competency.split('/')[0]));
    expect([...domains].sort()).toEqual([...lesson.cksToday].sort());
  });

  it('knows the curriculum of both years', () => {
    const facts = read<{current: DomainFacts[]; '2021': DomainFacts[]}>('data/cks-curriculum.json');
    expect(
      DOMAINS.map(({id, name, weight, competencies}) => ({
        id,
        domain: name,
        weight: weight.today,
        competencies,
      })),
    ).toEqual(
      facts.current.map(({id, domain, weight, competencies}) => ({id, domain, weight, competencies})),
    );
    expect(DOMAINS.map(({id, name, weight}) => ({id, domain: name, weight: weight['2021']}))).toEqual(
      facts['2021'].map(({id, domain, weight}) => ({id, domain, weight})),
    );
  });

  it('leaves no competency of today without a lesson', () => {
    const taught = new Set(lessonFiles.flatMap(({id}) => lessonOf(id).competencies));
    const missing = DOMAINS.flatMap(({competencies}) => competencies.map(({id}) => id)).filter(
      (id) => !taught.has(id),
    );
    expect(missing).toEqual([]);
  });
});
