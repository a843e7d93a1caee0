import {createEmptyCard, type Card as FsrsCard, fsrs, type Grade, Rating, type State} from 'ts-fsrs';

/** What is remembered of a card between reviews, as the file of progress has it. */
export type Memory = {
  /** When it is to be asked again, ISO 8601. */
  readonly due: string;
  readonly stability: number;
  readonly difficulty: number;
  readonly reps: number;
  readonly lapses: number;
  /** 0 new, 1 learning, 2 review, 3 learning again. */
  readonly state: number;
  readonly scheduledDays: number;
  readonly learningSteps: number;
  /** ISO 8601. */
  readonly last: string;
};

/** How well it was remembered: 1 again, 2 hard, 3 good, 4 easy. */
export type Remembered = 1 | 2 | 3 | 4;

const grades: Readonly<Record<Remembered, Grade>> = {
  1: Rating.Again,
  2: Rating.Hard,
  3: Rating.Good,
  4: Rating.Easy,
};

const scheduler = () => fsrs({enable_fuzz: false, request_retention: 0.9, maximum_interval: 180});

/** The card after a review. */
export function review(memory: Memory | undefined, remembered: Remembered, now: Date): Memory {
  const {card} = scheduler().next(toCard(memory, now), now, grades[remembered]);
  return {
    due: card.due.toISOString(),
    stability: card.stability,
    difficulty: card.difficulty,
    reps: card.reps,
    lapses: card.lapses,
    state: card.state,
    scheduledDays: card.scheduled_days,
    learningSteps: card.learning_steps,
    last: now.toISOString(),
  };
}

/** Milliseconds until it would be asked again, for each answer. */
export function intervals(memory: Memory | undefined, now: Date): Readonly<Record<Remembered, number>> {
  const until = (remembered: Remembered) => Date.parse(review(memory, remembered, now).due) - now.getTime();
  return {1: until(1), 2: until(2), 3: until(3), 4: until(4)};
}

/** How likely it is remembered now, 0 to 1; 0 for a card that was never seen. */
export function retrievability(memory: Memory | undefined, now: Date): number {
  if (memory === undefined) return 0;
  return scheduler().get_retrievability(toCard(memory, now), now, false);
}

function toCard(memory: Memory | undefined, now: Date): FsrsCard {
  const empty = createEmptyCard(now);
  if (memory === undefined) return empty;
  return {
    ...empty,
    due: new Date(memory.due),
    stability: memory.stability,
    difficulty: memory.difficulty,
    reps: memory.reps,
    lapses: memory.lapses,
    state: memory.state as State,
    scheduled_days: memory.scheduledDays,
    learning_steps: memory.learningSteps,
    last_review: new Date(memory.last),
  };
}

/** A span of time as cards say it: `10 min`, `2 days`. */
export function spanText(milliseconds: number): string {
  const minutes = Math.max(1, Math.round(milliseconds / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  if (hours < 24) return hours === 1 ? '1 hour' : `${hours} hours`;
  const days = Math.round(hours / 24);
  return days === 1 ? '1 day' : `${days} days`;
}
