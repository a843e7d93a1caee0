import type {Field} from './state.ts';

/** Whether a value is another one than what was suggested for it. */
const departs = ({question: {suggestion}, text}: Field): boolean =>
  suggestion !== undefined && text.trim() !== suggestion;

/** The safe values: what was measured or read suggests them. What has no suggestion stays as it was typed. */
export const safeFields = (fields: readonly Field[]): readonly Field[] =>
  fields.map((field) => {
    const {suggestion} = field.question;
    return suggestion === undefined ? field : {...field, text: suggestion, edited: false};
  });

/** Whether there are safe values that were not taken. */
export const hasSafer = (fields: readonly Field[]): boolean => fields.some(departs);

/** The safe values that were not taken, each with where it is from: `memory limit 512Mi (mean use)`. */
export const saferText = (fields: readonly Field[]): string =>
  fields
    .filter(departs)
    .map(({label, question: {suggestion, reason}}) => `${label} ${suggestion} (${reason})`)
    .join(', ');
