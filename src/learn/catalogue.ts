import {DOMAINS} from '../engine/curriculum.ts';
import {type Content, knowledgeOf} from './knowledge.ts';
import {emptyProgress} from './progress.ts';

/** What there is to learn for each competency, as `kubekata study --list --format json` prints it. */
export type StudyList = {
  readonly competencies: readonly {
    readonly id: string;
    /** Its name. */
    readonly domain: string;
    readonly title: string;
    /** Ids of lessons. */
    readonly lessons: readonly string[];
    readonly cards: number;
    /** Names of drills' folders. */
    readonly drills: readonly string[];
  }[];
};

export function studyList(content: Content): StudyList {
  const knowledge = knowledgeOf(content, emptyProgress, new Date(0));
  return {
    competencies: knowledge.flatMap(({domain, competencies}) =>
      competencies.map(({id, title, lessons, cards, drills}) => ({
        id,
        domain: domain.name,
        title,
        lessons,
        cards,
        drills,
      })),
    ),
  };
}

/** The same for people: one line for each competency, what is missing shows as 0. */
export function studyTable(list: StudyList): string {
  const lines = ['LESSONS  CARDS  DRILLS  COMPETENCY'];
  for (const {name, number, weight} of DOMAINS) {
    lines.push('', `${number} ${name}, ${weight.today}% of the exam`);
    for (const one of list.competencies.filter(({domain}) => domain === name)) {
      const numbers = [
        String(one.lessons.length).padStart(7),
        String(one.cards).padStart(5),
        String(one.drills.length).padStart(6),
      ];
      lines.push(`${numbers.join('  ')}  ${one.title}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
