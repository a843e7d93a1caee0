import type {Change, Fix, FixKind, Question} from '../engine/change.ts';
import type {Exception} from '../engine/exceptions.ts';
import type {Lesson} from '../engine/lesson.ts';
import type {Ref} from '../engine/objects.ts';
import type {ControlResult, ScanResult} from '../engine/scan.ts';
import type {JournalEntry, Mark, Plan, Remark} from '../fix/plan.ts';
import type {Access, RolloutStatus, TargetKind} from '../target/target.ts';
import type {TargetChoice} from './options.ts';
import type {ThemeName} from './theme.ts';

/** One finding's object, as a row of the control screen. */
export type FailingRow = {
  /** The object's key; a row is one object. */
  readonly key: string;
  readonly ref: Ref;
  readonly id: string;
  readonly source: string;
  /** What stands in the kind's own column: number of roles, containers; empty without one. */
  readonly extra: string;
  /** The values seen, in short. */
  readonly found: string;
  /** Paths of the fields that are wrong, as people write them. */
  readonly fields: readonly string[];
  /** Full sentences of the control. */
  readonly messages: readonly string[];
};

/** A fix with the keys of the failed objects that it clears something of. */
export type ObjectFix = {readonly fix: Fix; readonly keys: ReadonlySet<string>};

/** Fixes of one control that are offered as one choice. */
export type Approach = {
  readonly name: string;
  readonly summary: string;
  readonly kind: FixKind;
  readonly fixes: readonly ObjectFix[];
  /** Fixes by the key of an object that they clear something of. */
  readonly byKey: ReadonlyMap<string, readonly Fix[]>;
  /** Keys of objects that it clears. */
  readonly clears: ReadonlySet<string>;
  /** Keys of objects that it clears automatically. */
  readonly safe: ReadonlySet<string>;
  readonly consequence: string | undefined;
  readonly steps: readonly string[];
  /** Files of nodes with the lines to change by hand. */
  readonly files: readonly string[];
};

/** What a change would do to the scores. */
export type Forecast = {
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** Of the control that it is about. */
  readonly failedBefore: number;
  readonly failedAfter: number;
  readonly allBefore: number;
  readonly allAfter: number;
  /** Other controls whose number of failed objects it changes: id, before, after. */
  readonly others: readonly {readonly id: string; readonly before: number; readonly after: number}[];
};

/** Rows and fixes of one control, computed from one scan. */
export type Detail = {
  readonly result: ControlResult;
  /** Head of the kind's own column; empty without one. */
  readonly extraHead: string;
  readonly rows: readonly FailingRow[];
  readonly approaches: readonly Approach[];
  /** Of the first approach's safe objects; undefined where none is safe. */
  readonly forecast: Forecast | undefined;
};

export type Tally = {readonly all: number; readonly failed: number; readonly excluded: number};

/** A question in a form, with what the person typed. */
export type Field = {
  readonly question: Question;
  /** The question's, with the namespace before it where several are asked about. */
  readonly label: string;
  readonly text: string;
  readonly edited: boolean;
};

export type StartScreen = {readonly name: 'start'; readonly cursor: number};
export type ConnectingScreen = {readonly name: 'connecting'; readonly choice: TargetChoice};
export type TroubleScreen = {
  readonly name: 'trouble';
  readonly choice: TargetChoice;
  readonly title: string;
  readonly details: readonly string[];
};
export type WalkScreen = {
  readonly name: 'walk';
  /** Ids of controls, in the order in which they were sorted last: numbers change, rows stay. */
  readonly order: readonly string[];
  readonly by: 'score' | 'gain';
  readonly cursor: string | undefined;
  readonly top: number;
  readonly filter: string;
  readonly domain: number | undefined;
};
export type ControlScreen = {
  readonly name: 'control';
  readonly id: string;
  readonly tab: 'lesson' | 'failing';
  readonly lessonTop: number;
  /** Key of the object under the cursor. */
  readonly cursor: string | undefined;
  readonly top: number;
  readonly marks: ReadonlySet<string>;
  /** Whether the marks are the person's own; until then, all safe ones are marked. */
  readonly touched: boolean;
  readonly approach: number;
  readonly filter: string;
  /** What the marked ones, or the one under the cursor, would do. */
  readonly forecast: Forecast | undefined;
};
export type PreviewPhase =
  | {
      readonly is: 'questions';
      readonly fields: readonly Field[];
      readonly cursor: number;
      /** What these values may break, once that is known. */
      readonly foresight: readonly Remark[] | undefined;
    }
  | {readonly is: 'asking'}
  | {readonly is: 'failed'; readonly title: string; readonly details: readonly string[]}
  | {
      readonly is: 'ready';
      readonly plan: Plan;
      readonly forecast: Forecast | undefined;
      /** Whether a complete frame of it was on the screen: nothing unread is applied. */
      readonly drawn: boolean;
    };
export type PreviewScreen = {
  readonly name: 'preview';
  /** Tells the answer to the last request from answers to earlier ones. */
  readonly token: number;
  readonly controlId: string;
  /** `C-0034 at the ServiceAccount`. */
  readonly title: string;
  readonly kind: FixKind;
  /** What may behave differently, in sentences, as the fixes declare it. */
  readonly consequences: readonly string[];
  /** Everything that was chosen; what is left out stays listed. */
  readonly change: Change;
  readonly leftOut: ReadonlySet<string>;
  /** Keys of its objects as the first answer sorted them, odd ones first: rows stay where they are. */
  readonly order: readonly string[] | undefined;
  /** Its questions as they were answered last. */
  readonly fields: readonly Field[];
  readonly answers: ReadonlyMap<string, string>;
  readonly phase: PreviewPhase;
  /** The last plan, shown while the next one is asked for. */
  readonly shown: Plan | undefined;
  readonly cursor: number;
  readonly top: number;
  readonly scroll: number;
  readonly whole: boolean;
  /** Workloads that the change reaches at the next start of their pods only. */
  readonly restartable: readonly Ref[];
  /** Restart them right after applying: their restart is part of the change. */
  readonly restart: boolean;
};
export type ApplyStep = {
  readonly ref: Ref;
  readonly verb: string;
  readonly state: 'waiting' | 'written' | 'refused';
  readonly reason?: string;
  /** Refused only since it needs an object that is. */
  readonly leftOut?: boolean;
};
export type ApplyingScreen = {
  readonly name: 'applying';
  readonly phase: 'writing' | 'guarding' | 'failed' | 'done';
  readonly title: string;
  readonly undo: boolean;
  /** Writes the rest of an unfinished entry. */
  readonly finish?: boolean;
  /** With `--guard`: second of the guard at which the change is taken back. */
  readonly takesBackAt?: number;
  readonly number: number | undefined;
  readonly controlId: string | undefined;
  readonly journalled: boolean;
  readonly steps: readonly ApplyStep[];
  readonly guard: readonly RolloutStatus[];
  readonly seconds: number;
  readonly before: Tally | undefined;
  readonly scoreBefore: number | undefined;
  readonly forecast: Forecast | undefined;
  readonly entry: JournalEntry | undefined;
  readonly problem: readonly string[];
};
export type ResultScreen = {
  readonly name: 'result';
  readonly controlId: string;
  readonly entry: JournalEntry;
  readonly before: Tally;
  readonly scoreBefore: number | undefined;
  readonly forecast: Forecast | undefined;
  readonly guard: readonly RolloutStatus[];
  readonly cursor: number;
  /** The policy that keeps the control where nothing fails it; undefined until it is known, or without one. */
  readonly keep?: Fix | undefined;
};
export type UndoPhase =
  | {readonly is: 'none'}
  | {readonly is: 'asking'; readonly number: number}
  | {readonly is: 'failed'; readonly number: number; readonly text: string}
  | {
      readonly is: 'ready';
      readonly number: number;
      readonly plan: Plan;
      readonly forecast: Forecast | undefined;
      readonly drawn: boolean;
    };
export type ChangesScreen = {
  readonly name: 'changes';
  readonly cursor: number;
  readonly top: number;
  readonly undo: UndoPhase;
  /** The guard takes this entry back as soon as its undo is known. */
  readonly takesBack?: number;
};
export type DomainsScreen = {
  readonly name: 'domains';
  readonly cursor: number;
  readonly outline: '2021' | 'today';
};
export type TextScreen = {
  readonly name: 'text';
  /** Sentences, to be wrapped; else lines as they are. */
  readonly prose: boolean;
  readonly crumb: string;
  readonly title: string;
  /** `verbatim`: cut, not wrapped, also among sentences. */
  readonly lines: readonly {readonly text: string; readonly mark?: Mark; readonly verbatim?: boolean}[];
  readonly top: number;
  /** What `p` writes: the ClusterRole that shows the rest. */
  readonly role?: 'scan' | 'fix';
};
export type Screen =
  | StartScreen
  | ConnectingScreen
  | TroubleScreen
  | WalkScreen
  | ControlScreen
  | PreviewScreen
  | ApplyingScreen
  | ResultScreen
  | ChangesScreen
  | DomainsScreen
  | TextScreen;
export type ScreenName = Screen['name'];

/** What lies on top of a screen and gives it back unchanged. */
export type Overlay =
  | {readonly name: 'filter'; readonly text: string; readonly before: string}
  | {readonly name: 'command'; readonly text: string; readonly cursor: number; readonly past: number}
  | {readonly name: 'help'; readonly top: number}
  | {readonly name: 'folder'; readonly text: string}
  | Accepting
  | Attesting
  | Confirmation
  | {readonly name: 'quit'};

/** Findings that a person accepts, with a reason and an end. */
export type Accepting = {
  readonly name: 'accept';
  /** `2 findings of C-0034 in kube-system` */
  readonly what: string;
  /** What is accepted; reason and end are added when it is. */
  readonly covers: readonly Omit<Exception, 'reason' | 'until'>[];
  readonly count: number;
  readonly field: 'reason' | 'until';
  readonly reason: string;
  readonly until: string;
};

/** What a person vouches for, where nothing else tells. */
export type Attesting = {
  readonly name: 'attest';
  readonly control: string;
  readonly title: string;
  readonly field: 'by' | 'statement' | 'until';
  readonly by: string;
  readonly statement: string;
  /** Today. */
  readonly on: string;
  readonly until: string;
};

/** What has to be confirmed before anything is written. */
export type Confirmation = {
  readonly name: 'confirm';
  readonly of: 'apply' | 'undo';
  /** `yes`: one key. `word`: typed. */
  readonly wants: 'yes' | 'word';
  readonly word: string;
  readonly text: string;
  readonly question: string;
  /** Whether `p` (a patch for the source) is offered instead. */
  readonly patch: boolean;
};

export type Message = {readonly mark: Mark | 'none'; readonly text: string};

export type Connection = {
  readonly choice: TargetChoice;
  readonly kind: TargetKind;
  readonly name: string;
  readonly address: string;
  readonly readOnly: boolean;
  readonly status: 'loading' | 'watching' | 'lost';
  readonly progress: string;
  /** Why it is lost, and when the next try is. */
  readonly lost: string;
};

export type State = {
  readonly columns: number;
  readonly rows: number;
  readonly choices: readonly TargetChoice[];
  readonly notes: readonly string[];
  /** Whether the study mode can be gone on to. */
  readonly hasStudy: boolean;
  readonly frameworks: readonly {readonly id: string; readonly title: string}[];
  readonly frameworkId: string;
  readonly readOnly: boolean;
  /** Whether a change whose rollout fails is taken back without being asked. */
  readonly guard: boolean;
  readonly version: string;
  readonly theme: ThemeName;
  readonly colourBlind: boolean;
  readonly now: number;
  readonly connection: Connection | undefined;
  readonly scan: ScanResult | undefined;
  /** Score of the first complete scan, per framework. */
  readonly firstScores: ReadonlyMap<string, number>;
  /** Scores of complete scans since the start, oldest first. */
  readonly trend: readonly number[];
  /** Score before the last own change, whose gain is coloured in the line. */
  readonly gainedFrom: number | undefined;
  readonly details: ReadonlyMap<string, Detail>;
  /** Controls whose detail is to be made anew when it is shown. */
  readonly outdated: ReadonlySet<string>;
  /** Most that one approach of a control would gain, in points. */
  readonly gains: ReadonlyMap<string, number>;
  readonly lessons: ReadonlyMap<string, Lesson>;
  readonly lessonIds: readonly string[];
  readonly visited: ReadonlySet<string>;
  readonly entries: readonly JournalEntry[];
  /** What the person may write; undefined until it is known, or where nobody has to be asked. */
  readonly access: Access | undefined;
  /** A workload that does not start since a change, said until it is well or the change is taken back. */
  readonly alarm: {readonly number: number; readonly text: string} | undefined;
  /** Screens below the one that is shown, oldest first. */
  readonly below: readonly Screen[];
  readonly screen: Screen;
  readonly overlay: Overlay | undefined;
  readonly message: Message | undefined;
  readonly history: readonly string[];
  /** Keys that wait for what is loading, and what they were meant for. */
  readonly held?: {readonly place: string; readonly keys: readonly string[]} | undefined;
  /** Turns while something is at work. */
  readonly tick: number;
};
