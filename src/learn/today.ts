import type {Card} from './cards.ts';
import {type Drill, domainOfDrill} from './drill.ts';
import {isKeptForExam} from './exam.ts';
import {type Content, isSolved, knowledgeOf, weakestDomain} from './knowledge.ts';
import {dayOf, type Progress} from './progress.ts';
import {shuffled} from './random.ts';

/** What today's fifteen minutes are. */
export type Today = {
  readonly cards: readonly Card[];
  readonly drill: Drill | undefined;
  /** Whether cards were practised, and a drill ended, today. */
  readonly cardsDone: boolean;
  readonly drillDone: boolean;
};

const newPerDay = 12;
const most = 20;

/** The cards to ask now: those that are due, the longest due first, then new ones, the weakest domains first. */
export function dueCards(
  cards: readonly Card[],
  content: Content,
  progress: Progress,
  now: Date,
): readonly Card[] {
  const due = cards
    .filter(({id}) => {
      const memory = progress.cards[id];
      return memory !== undefined && Date.parse(memory.due) <= now.getTime();
    })
    .sort((a, b) => Date.parse(progress.cards[a.id]!.due) - Date.parse(progress.cards[b.id]!.due));
  const learnt = Object.values(progress.cards).filter(
    ({last, reps}) => reps === 1 && dayOf(new Date(last)) === dayOf(now),
  ).length;
  const known = new Map(
    knowledgeOf(content, progress, now).flatMap(({competencies}) =>
      competencies.map((one) => [one.id, one.known]),
    ),
  );
  const seed = Math.floor(now.getTime() / 86_400_000);
  const fresh = shuffled(
    cards.filter(({id}) => progress.cards[id] === undefined),
    seed,
  ).toSorted((a, b) => (known.get(a.competency) ?? 0) - (known.get(b.competency) ?? 0));
  return [...due, ...spread(fresh, Math.max(0, newPerDay - learnt))].slice(0, most);
}

/** The first of each competency before the second of any. */
function spread(cards: readonly Card[], count: number): readonly Card[] {
  const rounds = new Map<string, number>();
  return cards
    .map((card) => {
      const round = rounds.get(card.competency) ?? 0;
      rounds.set(card.competency, round + 1);
      return {card, round};
    })
    .toSorted((a, b) => a.round - b.round)
    .slice(0, count)
    .map(({card}) => card);
}

/** Today's proposal: due cards, and one drill of the weakest domain that has one left, easy ones first. */
export function todayOf(
  content: Content,
  own: readonly Card[],
  progress: Progress,
  now: Date,
  hasNodes: boolean,
): Today {
  const knowledge = knowledgeOf(content, progress, now);
  const possible = content.drills.filter(
    (drill) => (hasNodes || !drill.onNodes) && !isKeptForExam(drill, progress.exam, content.drills),
  );
  const open = possible.filter(({id}) => !isSolved(progress.drills[id]));
  const inDomain = (drills: readonly Drill[], id: string) =>
    drills.find((drill) => domainOfDrill(drill).id === id);
  const withOpen = knowledge.filter(({domain}) => inDomain(open, domain.id));
  const weakest = withOpen.length > 0 ? weakestDomain(withOpen) : weakestDomain(knowledge);
  const drill = inDomain(open, weakest.domain.id) ?? oldest(possible, progress);
  const day = dayOf(now);
  return {
    cards: dueCards([...own, ...content.cards], content, progress, now),
    drill,
    cardsDone: Object.values(progress.cards).some(({last}) => dayOf(new Date(last)) === day),
    drillDone: Object.values(progress.drills).some((attempts) =>
      attempts.some(({at, met, of}) => met === of && dayOf(new Date(at)) === day),
    ),
  };
}

/** The drill that was done longest ago. */
const oldest = (drills: readonly Drill[], progress: Progress): Drill | undefined =>
  [...drills].sort((a, b) =>
    (progress.drills[a.id]?.at(-1)?.at ?? '').localeCompare(progress.drills[b.id]?.at(-1)?.at ?? ''),
  )[0];
