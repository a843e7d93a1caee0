import {accent, bold, dim, EMPTY, type Line, line, wrap} from '../layout.ts';
import type {Attesting} from '../state.ts';

const notes = {
  by: 'your name: it is your word that counts',
  statement: 'what you found, in a sentence',
  until: 'a date as 2027-05-23: on the day after it somebody looks again',
} as const;

/** The form in which a person vouches for what nothing else tells. */
export function attestLines(overlay: Attesting, width: number): readonly Line[] {
  const row = (label: string, field: 'by' | 'statement' | 'until'): Line => {
    const text = overlay[field];
    const chosen = overlay.field === field;
    const note = text === '' || (field === 'until' && chosen) ? notes[field] : '';
    return line('  ', dim(label.padEnd(11)), text, chosen && accent('_'), note !== '' && dim(`   ${note}`));
  };
  return [
    line('  ', bold(`Attest ${overlay.control} ${overlay.title}`)),
    EMPTY,
    row('Name', 'by'),
    row('Statement', 'statement'),
    row('Until', 'until'),
    line('  ', dim('Written'.padEnd(11)), 'kubekata.yaml in this folder', dim('   1 entry, dated today')),
    EMPTY,
    ...wrap(
      'It is shown with your name and its dates. The control stays not evaluated: it never counts as passed.',
      width,
    ).map((text) => line('  ', text)),
  ];
}
