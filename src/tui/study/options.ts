import type {Framework} from '../../engine/control.ts';
import type {Lesson} from '../../engine/lesson.ts';
import type {Content} from '../../learn/knowledge.ts';
import type {Locks} from '../../learn/locks.ts';
import type {Progress} from '../../learn/progress.ts';
import type {KubeClient} from '../../target/live/client.ts';
import type {Target} from '../../target/target.ts';
import type {ThemeChoice} from '../theme.ts';

/** A cluster to study on. */
export type StudyCluster = {
  /** As the title names it: `practice`, or the context. */
  readonly name: string;
  readonly isPractice: boolean;
  readonly target: Target;
  readonly client: KubeClient;
  /** Value of KUBECONFIG for a second terminal. */
  readonly kubeconfig: string;
  /** Holds one work folder per drill. */
  readonly work: string;
  /** Folder with the files of the nodes, and what they are at first; absent where the cluster shows none. */
  readonly nodes: string | undefined;
  readonly pristineNodes: string | undefined;
  readonly locks: Locks;
  close(): Promise<void>;
};

export type StudyOptions = {
  readonly content: Content;
  readonly lessons: ReadonlyMap<string, Lesson>;
  readonly progress: Progress;
  /** The progress as it is written now: another session may have changed it. @throws {ProgressError} */
  load(): Promise<Progress>;
  /** Keeps what other sessions wrote meanwhile. @throws {ProgressError} */
  save(progress: Progress): Promise<void>;
  /** @throws {TargetError} */
  open(): Promise<StudyCluster>;
  /** Judges drills and cards: all controls that they name. */
  readonly framework: Framework;
  /** That of the walk, which the control of the day is taken from. */
  readonly walkFramework: Framework;
  readonly theme: ThemeChoice;
  readonly icons: boolean;
  readonly screenReader: boolean;
  /** Environment of the process: SHELL, PATH. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds; the clock of the machine unless a test gives another. */
  readonly now?: () => number;
};
