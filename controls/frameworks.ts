import type {AnyControl, Framework, FrameworkEntry} from '../src/engine/control.ts';
import {builtInException} from './built-in-exceptions.ts';
import {c0016} from './c-0016.ts';
import {c0034} from './c-0034.ts';
import {c0034of2021} from './c-0034-2021.ts';

const entry = (control: AnyControl, then: {title?: string; baseScore?: number} = {}): FrameworkEntry => ({
  id: control.meta.id,
  title: then.title ?? control.meta.title,
  baseScore: then.baseScore ?? control.meta.baseScore,
  control,
});

/** Today's edition: the mean of its controls' compliance, objects of the system itself excused. */
const nsa: Framework = {
  id: 'nsa',
  title: 'NSA/CISA hardening guidance',
  scoring: 'mean',
  excuses: builtInException,
  entries: [entry(c0016), entry(c0034)],
};

/** The edition of the first scanners, in the order of its first report; names and weights as they were. */
const nsa2021: Framework = {
  id: 'nsa-2021',
  title: 'NSA/CISA hardening guidance, first edition (2021)',
  scoring: 'sum',
  excuses: () => undefined,
  entries: [entry(c0034of2021), entry(c0016)],
};

export const frameworks = {nsa, 'nsa-2021': nsa2021} as const;

export type FrameworkId = keyof typeof frameworks;
