import type {Attestation} from '../engine/attestations.ts';
import type {Change, Fix} from '../engine/change.ts';
import type {Exception} from '../engine/exceptions.ts';
import type {Lesson} from '../engine/lesson.ts';
import type {Ref} from '../engine/objects.ts';
import type {ScanResult} from '../engine/scan.ts';
import type {Whole} from '../fix/choose-all.ts';
import type {ApplyEvent, JournalEntry, Plan, Remark} from '../fix/plan.ts';
import type {Access, RolloutStatus} from '../target/target.ts';
import type {TargetChoice} from './options.ts';
import type {Connection, Detail, Field, Forecast, Message, State, TextScreen} from './state.ts';
import type {ThemeName} from './theme.ts';

/** Something that happened. */
export type Event =
  | {readonly type: 'key'; readonly key: string}
  | {readonly type: 'resized'; readonly columns: number; readonly rows: number}
  | {readonly type: 'drawn'}
  | {readonly type: 'tick'; readonly now: number}
  | {readonly type: 'connected'; readonly connection: Connection}
  | {
      readonly type: 'connection-failed';
      readonly choice: TargetChoice;
      readonly title: string;
      readonly details: readonly string[];
    }
  | {
      readonly type: 'scanned';
      readonly scan: ScanResult;
      readonly complete: boolean;
      readonly by: readonly Changed[];
      /** Controls whose fixes looked at something that changed. */
      readonly outdated?: readonly string[];
    }
  | {readonly type: 'progress'; readonly text: string}
  /** What the person may write. */
  | {readonly type: 'access'; readonly access: Access | undefined}
  /** What could not be read for want of a permission, told once, when everything else is. */
  | {readonly type: 'partial'; readonly partial: Partial}
  | {readonly type: 'lost'; readonly text: string}
  | {readonly type: 'back'}
  | {readonly type: 'lesson'; readonly lesson: Lesson}
  | {readonly type: 'detail'; readonly detail: Detail}
  | {readonly type: 'forecast'; readonly id: string; readonly forecast: Forecast | undefined}
  | {readonly type: 'gain'; readonly gains: ReadonlyMap<string, number>}
  | {
      readonly type: 'prepared';
      readonly token: number;
      readonly plan: Plan;
      readonly forecast: Forecast | undefined;
      /** Workloads that the change reaches at the next start of their pods only. */
      readonly restartable?: readonly Ref[];
    }
  | {
      readonly type: 'prepare-failed';
      readonly token: number;
      readonly title: string;
      readonly details: readonly string[];
    }
  /** All that can be fixed of a namespace or an object, as one change. */
  | {
      readonly type: 'chosen';
      readonly title: string;
      readonly chosen: readonly {readonly control: string; readonly fix: Fix}[];
      /** Fixes that the target refuses. */
      readonly refused: number;
    }
  | {readonly type: 'foreseen'; readonly fields: readonly Field[]; readonly breaks: readonly Remark[]}
  | {readonly type: 'apply'; readonly event: ApplyEvent}
  | {readonly type: 'apply-failed'; readonly lines: readonly string[]; readonly conflict: boolean}
  | {readonly type: 'settled'; readonly entry: JournalEntry}
  | {
      readonly type: 'guard';
      readonly statuses: readonly RolloutStatus[];
      readonly seconds: number;
      /** All have been ready for some seconds: what starts and then falls is told apart from what runs. */
      readonly steady: boolean;
    }
  | {readonly type: 'guard-ended'}
  /** What keeps a control so, as an offer of its result. */
  | {readonly type: 'keep'; readonly id: string; readonly fix: Fix | undefined}
  | {readonly type: 'entries'; readonly entries: readonly JournalEntry[]}
  | {
      readonly type: 'undo-prepared';
      readonly number: number;
      readonly plan: Plan;
      readonly forecast: Forecast | undefined;
    }
  | {readonly type: 'undo-failed'; readonly number: number; readonly text: string}
  | {
      readonly type: 'text';
      readonly crumb: string;
      readonly title: string;
      readonly lines: TextScreen['lines'];
    }
  | {readonly type: 'message'; readonly message: Message};

/** What the person may see of a cluster, and what is missing. */
export type Partial = {
  /** `User viewer may read namespace shop only.`; empty where all namespaces are read. */
  readonly sentences: readonly string[];
  /** Kinds that may not be listed, as people name many of them. */
  readonly kinds: readonly string[];
};

/** Who changed which object outside of kubekata. */
export type Changed = {readonly ref: Ref; readonly manager: string | undefined; readonly gone: boolean};

/** Something to do. Only `commands.ts` does it. */
export type Command =
  | {readonly do: 'connect'; readonly choice: TargetChoice}
  | {readonly do: 'connect-folder'; readonly path: string}
  | {readonly do: 'disconnect'}
  /** `verify`: the control whose verdict is told then. */
  | {readonly do: 'rescan'; readonly verify?: string}
  | {readonly do: 'framework'; readonly id: string}
  | {readonly do: 'theme'; readonly theme: ThemeName; readonly colourBlind: boolean}
  /** `beside`: of another control than the one that is shown, which is wanted too. */
  | {readonly do: 'detail'; readonly id: string; readonly beside?: true}
  | {readonly do: 'forecast'; readonly id: string; readonly fixes: readonly Fix[]}
  | {readonly do: 'gains'}
  | {readonly do: 'lesson'; readonly practice: string}
  | {readonly do: 'lessons'}
  | {
      readonly do: 'prepare';
      readonly token: number;
      readonly controlId: string;
      readonly change: Change;
      readonly answers: ReadonlyMap<string, string>;
    }
  /** Which fixes all of a namespace, or of an object, gets. */
  | {readonly do: 'choose'; readonly title: string; readonly whole: Whole}
  /** What the values of a form may break. */
  | {readonly do: 'foresee'; readonly fields: readonly Field[]; readonly change: Change}
  /** Nobody waits for the answer of the last request any more. */
  | {readonly do: 'cancel'}
  /** Workloads are followed no longer. */
  | {readonly do: 'unwatch'}
  | {readonly do: 'apply'; readonly plan: Plan; readonly title: string}
  | {readonly do: 'guard'; readonly workloads: readonly Ref[]}
  | {readonly do: 'entries'}
  /** Which policy would keep a control as it is now. */
  | {readonly do: 'keep'; readonly id: string}
  | {readonly do: 'prepare-undo'; readonly entry: JournalEntry}
  | {readonly do: 'undo'; readonly entry: JournalEntry; readonly plan: Plan}
  /** Writes the rest of an entry that kubekata was stopped in. */
  | {readonly do: 'finish'; readonly entry: JournalEntry}
  /** Writes no further step; takes back what is written; then leaves. */
  | {readonly do: 'undo-and-quit'}
  | {readonly do: 'accept'; readonly exceptions: readonly Exception[]}
  | {readonly do: 'attest'; readonly attestation: Attestation}
  /** The ClusterRole that shows, or fixes, the rest. */
  | {readonly do: 'write-role'; readonly purpose: 'scan' | 'fix'}
  | {readonly do: 'yaml'; readonly ref: Ref; readonly fields: readonly string[]}
  | {readonly do: 'write-patch'; readonly plan: Plan; readonly title: string}
  | {readonly do: 'report'; readonly file: string}
  | {readonly do: 'shell'}
  | {readonly do: 'quit'}
  /** Leaves for the study mode. */
  | {readonly do: 'study'}
  /** After the change that is being written. */
  | {readonly do: 'quit-later'};

export type Update = readonly [State, ...Command[]];
