import type {Problem} from './problems.ts';
import type {Walk} from './walk.ts';

/** A text that is no file: standard input, or what a tool made of templates. */
export type Virtual = {
  /** As it stands in sources. */
  readonly path: string;
  readonly text: string;
  /** Why it can't be edited, and what to do instead: a sentence. */
  readonly readOnly: string;
};

export type Rendered = {
  readonly virtual: readonly Virtual[];
  readonly problems: readonly Problem[];
  /** Absolute paths of files that are no objects of their own: patches, and what was rendered. */
  readonly hidden: ReadonlySet<string>;
};

export type Render = (walk: Walk) => Promise<Rendered>;

/** What the tools on PATH make of charts and kustomizations. */
export const renderWalk = async (_walk: Walk, _root: string, _enabled: boolean): Promise<Rendered> => ({
  virtual: [],
  problems: [],
  hidden: new Set(),
});
