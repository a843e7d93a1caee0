import type {Attestation} from '../engine/attestations.ts';
import type {Framework} from '../engine/control.ts';
import type {Exception} from '../engine/exceptions.ts';
import type {Lesson} from '../engine/lesson.ts';
import type {Accept} from '../engine/scan.ts';
import type {Journal} from '../fix/journal.ts';
import type {Target, TargetKind} from '../target/target.ts';
import type {ThemeChoice} from './theme.ts';

/** A target that can be chosen at the start. Nothing is contacted before it is. */
export type TargetChoice = {
  readonly kind: TargetKind;
  /** Context, folder or `home`. */
  readonly name: string;
  /** `https://192.168.1.20:6443, current`, or what the folder holds. */
  readonly detail: string;
  /** Score of the last scan in the journal, as shown: `82.3, 3 days ago`; absent when never scanned. */
  readonly last?: string;
};

export type TuiOptions = {
  readonly version: string;
  /** What the start screen offers; one entry, or `initial`, opens it at once. */
  readonly choices: readonly TargetChoice[];
  /** Sentences about choices that could not be offered: an unreadable kubeconfig. */
  readonly notes: readonly string[];
  readonly initial: TargetChoice | undefined;
  /** @throws {TargetError} */
  connect(choice: TargetChoice): Promise<Target>;
  /** A folder that the person typed, as a choice. */
  folder(path: string): TargetChoice;
  readonly frameworks: readonly Framework[];
  /** Id of the framework to begin with. */
  readonly framework: string;
  /** Ids of all lessons, in the order of the guidance. */
  readonly lessonIds: readonly string[];
  lesson(id: string): Promise<Lesson | undefined>;
  /** The journal of a target, for undo. @throws {JournalError} */
  journalFor(target: Target): Promise<Journal>;
  /** Told when the person goes on to the study mode: the screens end then. Absent: there is none to go to. */
  study?(): void;
  readonly readOnly: boolean;
  /** Takes a change back by itself where its rollout fails. */
  readonly guard?: boolean;
  /** Accepted findings and attestations of the folder. @throws {ExceptionsError} */
  accepted?(): Promise<Accept>;
  /** Adds exceptions to the file of the folder. @throws {ExceptionsError} */
  accept?(exceptions: readonly Exception[]): Promise<void>;
  /** Writes what a person vouches for beside them. @throws {ExceptionsError} */
  attest?(attestation: Attestation): Promise<void>;
  /** The ClusterRole for a scan, or for fixes, as YAML. */
  role?(purpose: 'scan' | 'fix'): string;
  readonly theme: ThemeChoice;
  readonly icons: boolean;
  readonly screenReader: boolean;
  /** Environment of the process: SHELL, EDITOR. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where `p` and `:report` write files. */
  readonly folderForFiles: string;
};
