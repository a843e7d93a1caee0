import {DOMAINS, type Domain, type Outline} from '../engine/curriculum.ts';
import type {Card} from './cards.ts';
import {type Drill, domainOfDrill} from './drill.ts';
import type {Attempt, Progress} from './progress.ts';
import {retrievability} from './schedule.ts';

/** A lesson, as far as the map of what is known needs it. */
export type LessonPlace = {
  readonly id: string;
  readonly title: string;
  readonly competencies: readonly string[];
};

/** All that there is to learn from. */
export type Content = {
  readonly lessons: readonly LessonPlace[];
  readonly cards: readonly Card[];
  readonly drills: readonly Drill[];
};

export type CompetencyKnowledge = {
  readonly id: string;
  readonly title: string;
  readonly lessons: readonly string[];
  readonly cards: number;
  readonly drills: readonly string[];
  /** Drills that were solved, at least once. */
  readonly solved: number;
  /** 0 to 1. */
  readonly known: number;
};

export type DomainKnowledge = {
  readonly domain: Domain;
  readonly competencies: readonly CompetencyKnowledge[];
  /** Drills of the domain, and those of them that were solved. */
  readonly drills: number;
  readonly solved: number;
  /** 0 to 1: the mean of its competencies. */
  readonly known: number;
};

const shares = {cards: 0.45, drills: 0.45, lessons: 0.1} as const;

export const isSolved = (attempts: readonly Attempt[] | undefined): boolean =>
  (attempts ?? []).some(({met, of}) => met === of);

/** How well a drill is known, 0 to 1: of its best attempt, less what hints and the solution gave. */
export function masteryOf(attempts: readonly Attempt[] | undefined): number {
  const each = (attempts ?? []).map(({met, of, hints, shown}) => {
    if (shown) return met === of ? 0.4 : 0;
    return met === of ? 1 - 0.1 * Math.min(3, hints) : (0.6 * met) / of;
  });
  return Math.max(0, ...each);
}

/** What is known, domain by domain and competency by competency, from cards, drills and lessons. */
export function knowledgeOf(content: Content, progress: Progress, now: Date): readonly DomainKnowledge[] {
  return DOMAINS.map((domain) => {
    const competencies = domain.competencies.map(({id, title}) =>
      competencyKnowledge(id, title, content, progress, now),
    );
    const drills = content.drills.filter((drill) => domainOfDrill(drill).id === domain.id);
    return {
      domain,
      competencies,
      drills: drills.length,
      solved: drills.filter(({id}) => isSolved(progress.drills[id])).length,
      known: mean(competencies.map(({known}) => known)) ?? 0,
    };
  });
}

function competencyKnowledge(
  id: string,
  title: string,
  content: Content,
  progress: Progress,
  now: Date,
): CompetencyKnowledge {
  const lessons = content.lessons.filter(({competencies}) => competencies.includes(id));
  const cards = content.cards.filter(({competency}) => competency === id);
  const drills = content.drills.filter(({competencies}) => competencies.includes(id));
  const parts = [
    [shares.cards, mean(cards.map((card) => retrievability(progress.cards[card.id], now)))],
    [shares.drills, mean(drills.map((drill) => masteryOf(progress.drills[drill.id])))],
    [shares.lessons, mean(lessons.map((lesson) => (progress.lessons[lesson.id] ? 1 : 0)))],
  ] as const;
  const there = parts.flatMap(([share, value]) => (value === undefined ? [] : [{share, value}]));
  const all = there.reduce((sum, {share}) => sum + share, 0);
  const known = all === 0 ? 0 : there.reduce((sum, {share, value}) => sum + share * value, 0) / all;
  return {
    id,
    title,
    lessons: lessons.map((lesson) => lesson.id),
    cards: cards.length,
    drills: drills.map((drill) => drill.id),
    solved: drills.filter((drill) => isSolved(progress.drills[drill.id])).length,
    known,
  };
}

/** The score that an exam now would give, 0 to 100: what is known, by the weights of its domains. */
export const expectedScore = (knowledge: readonly DomainKnowledge[], outline: Outline = 'today'): number =>
  Math.floor(knowledge.reduce((sum, {domain, known}) => sum + domain.weight[outline] * known, 0) + 1e-9);

/** The domain where an hour brings most: unknown share times weight. */
export const weakestDomain = (knowledge: readonly DomainKnowledge[]): DomainKnowledge =>
  [...knowledge].sort(
    (a, b) => (1 - b.known) * b.domain.weight.today - (1 - a.known) * a.domain.weight.today,
  )[0]!;

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
