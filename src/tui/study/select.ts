import {DOMAINS} from '../../engine/curriculum.ts';
import type {Drill} from '../../learn/drill.ts';
import {domainOfDrill} from '../../learn/drill.ts';
import {type DomainKnowledge, expectedScore, knowledgeOf} from '../../learn/knowledge.ts';
import type {Progress} from '../../learn/progress.ts';
import {type Today, todayOf} from '../../learn/today.ts';
import type {AnyCard, ListScreen, State} from './state.ts';

const known = new WeakMap<Progress, {readonly day: number; readonly all: readonly DomainKnowledge[]}>();
const proposed = new WeakMap<
  Progress,
  {readonly minute: number; readonly own: readonly AnyCard[]; readonly open: boolean; readonly today: Today}
>();

/** What is known, kept for one state of progress: each key would compute it anew. */
export function knowledge(state: State): readonly DomainKnowledge[] {
  const day = Math.floor(state.now / 3_600_000);
  const before = known.get(state.progress);
  if (before?.day === day) return before.all;
  const all = knowledgeOf(state.content, state.progress, new Date(state.now));
  known.set(state.progress, {day, all});
  return all;
}

export const expected = (state: State): number => expectedScore(knowledge(state), state.outline);

export function today(state: State): Today {
  const minute = Math.floor(state.now / 60_000);
  const open = state.cluster.is !== 'open' || state.cluster.hasNodes;
  const before = proposed.get(state.progress);
  if (before?.minute === minute && before.own === state.own && before.open === open) return before.today;
  const made = todayOf(state.content, state.own, state.progress, new Date(state.now), open);
  proposed.set(state.progress, {minute, own: state.own, open, today: made});
  return made;
}

/** What can be begun from the study home, in order. */
export type HomeItem = 'exam' | 'cards' | 'drill' | 'control';

export function homeItems(state: State): readonly HomeItem[] {
  const {drill} = today(state);
  return [
    ...(state.progress.exam ? (['exam'] as const) : []),
    'cards',
    ...(drill ? (['drill'] as const) : []),
    'control',
  ];
}

/** Drills whose title, domain or difficulty holds every word of the filter. */
export function visibleDrills(state: State, {filter}: Pick<ListScreen, 'filter'>): readonly Drill[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return state.content.drills.filter((drill) => {
    const {name, number} = domainOfDrill(drill);
    const text =
      `${drill.title} ${drill.id} ${drill.difficulty} ${number} ${name} ${drill.competencies.join(' ')}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** A row of the domains: a head, or something to learn. */
export type DomainRow =
  | {readonly is: 'head'; readonly domain: DomainKnowledge}
  | {
      readonly is: 'competency';
      readonly id: string;
      readonly title: string;
      readonly lessons: readonly string[];
      readonly cards: number;
      readonly drills: number;
      readonly solved: number;
      readonly known: number;
    };

/** Domains with their competencies, or in the outline of 2021 with the lessons that belong there. */
export function domainRows(state: State): readonly DomainRow[] {
  return knowledge(state).flatMap((domain): readonly DomainRow[] => {
    const head: DomainRow = {is: 'head', domain};
    if (state.outline === 'today') {
      const rows = domain.competencies.map(
        ({id, title, lessons, cards, drills, solved, known: part}): DomainRow => ({
          ...{is: 'competency', id, title, lessons, cards, solved, known: part},
          drills: drills.length,
        }),
      );
      return [head, ...rows];
    }
    const lessons = [...state.lessons.values()].filter(({cks2021}) => cks2021 === domain.domain.id);
    return [
      head,
      ...lessons.map(
        ({id, title}): DomainRow => ({
          ...{is: 'competency', id, title, lessons: [id], cards: 0, drills: 0, solved: 0},
          known: state.progress.lessons[id] ? 1 : 0,
        }),
      ),
    ];
  });
}

/** One card of each domain, for the first visit. */
export function placementCards(state: State): readonly AnyCard[] {
  return DOMAINS.flatMap(({competencies}) => {
    const ids = new Set(competencies.map(({id}) => id));
    const card = state.content.cards.find(
      ({competency, options}) => ids.has(competency) && options.filter(({correct}) => correct).length === 1,
    );
    return card ? [card] : [];
  });
}

/** `3:12`, or `1:12:40` from an hour on. */
export function clockText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
