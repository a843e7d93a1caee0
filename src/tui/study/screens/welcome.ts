import {accent, bold, EMPTY, type Line, line, wrap} from '../../layout.ts';
import {PROSE} from '../../sizes.ts';
import type {State} from '../state.ts';

/** The first visit: what there is, and the one key to begin. */
export function welcomeBody(state: State): readonly Line[] {
  const width = Math.min(PROSE, state.columns - 4);
  const {content} = state;
  const prose = (text: string) => wrap(text, width).map((part) => line('  ', part));
  const item = (name: string, text: string) =>
    wrap(text, width - 9).map((part, index) =>
      line('  ', index === 0 ? bold(name.padEnd(9)) : ' '.repeat(9), part),
    );
  return [
    ...prose('Study for the Certified Kubernetes Security Specialist (CKS) exam, by doing.'),
    EMPTY,
    ...item(
      'Drills',
      `${content.drills.length} tasks as in the exam, on a practice cluster inside kubekata. You work with real kubectl, and see at once what is right.`,
    ),
    ...item('Cards', `${content.cards.length} questions, asked again when you are about to forget them.`),
    ...item('Exam', 'A timed set by the weights of the domains, two hours or less.'),
    ...item('Today', 'Fifteen minutes, chosen for you from what you know least.'),
    EMPTY,
    ...(state.rows < 24
      ? []
      : [
          ...prose(
            'Nothing has to be installed but kubectl, and nothing you do here touches a cluster of yours. Your progress stays on this machine.',
          ),
          EMPTY,
        ]),
    line('  ', accent('enter'), ' answers six questions that place you.'),
    line('  ', accent('esc'), '   goes on without them. ', accent('?'), ' shows the keys.'),
  ];
}
