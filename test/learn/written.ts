import type {Card} from '../../src/learn/cards.ts';

/** A card with two options, the first one right. */
export const card = (id: string, competency: string): Card => ({
  id,
  competency,
  question: `Is ${id} so?`,
  options: [
    {text: 'Yes', correct: true, why: 'It is.'},
    {text: 'No', correct: false, why: 'It is not.'},
  ],
  explanation: 'It is so.',
  source: 'a lesson',
  yaml: undefined,
  verdicts: [],
  generated: false,
});
