import type {AnyControl} from '../src/engine/control.ts';
import {frameworks} from './frameworks.ts';

export {type FrameworkId, frameworks} from './frameworks.ts';

/** Every control of every edition, once; two controls may share an id where an edition counts differently. */
export const controls: readonly AnyControl[] = [
  ...new Set(Object.values(frameworks).flatMap(({entries}) => entries.map(({control}) => control))),
];
