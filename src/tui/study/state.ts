import type {Outline} from '../../engine/curriculum.ts';
import type {Lesson} from '../../engine/lesson.ts';
import type {Card} from '../../learn/cards.ts';
import type {Drill} from '../../learn/drill.ts';
import type {ObjectCard} from '../../learn/generated-cards.ts';
import type {Content} from '../../learn/knowledge.ts';
import type {Exam, ExamResult, Progress} from '../../learn/progress.ts';
import type {CriterionResult} from '../../learn/verify.ts';

export type AnyCard = Card | ObjectCard;

/** A control worth a look on the cluster: the weakest one that fails. */
export type Suggestion = {readonly id: string; readonly title: string; readonly failing: number};

/** Something that changed in a drill's namespaces. */
export type Happening = {readonly at: number; readonly object: string; readonly what: string};

export type Cluster =
  | {readonly is: 'opening'}
  | {readonly is: 'failed'; readonly message: string}
  | {
      readonly is: 'open';
      /** As the title names it: `practice`, or the context. */
      readonly name: string;
      readonly isPractice: boolean;
      readonly hasNodes: boolean;
      /** Holds one work folder per drill. */
      readonly work: string;
      /** Files of the nodes, one folder per node. */
      readonly nodes: string | undefined;
      readonly kubeconfig: string;
    };

export type HomeScreen = {readonly name: 'home'; readonly cursor: number};
export type WelcomeScreen = {readonly name: 'welcome'};
export type ListScreen = {
  readonly name: 'list';
  readonly cursor: number;
  readonly top: number;
  readonly filter: string;
};
export type DrillScreen = {
  readonly name: 'drill';
  readonly drill: string;
  readonly phase: 'waiting' | 'working' | 'failed';
  /** Why it could not be set up. */
  readonly problem: string;
  /** Undefined until it was judged once. */
  readonly results: readonly CriterionResult[] | undefined;
  readonly hints: number;
  /** Whether the solution was shown before it was solved. */
  readonly shown: boolean;
  /** Text of the solution while it is on the screen. */
  readonly solution: string | undefined;
  readonly startedAt: number;
  /** Undefined until every criterion was met at once. */
  readonly solvedAt: number | undefined;
  readonly tab: 'task' | 'checks';
  readonly scroll: number;
  readonly clock: boolean;
  readonly happened: readonly Happening[];
};
export type CardsScreen = {
  readonly name: 'cards';
  readonly queue: readonly AnyCard[];
  readonly index: number;
  /** Indexes of the options that are marked. */
  readonly marked: ReadonlySet<number>;
  readonly side: 'front' | 'back' | 'done';
  /** The six questions of the first visit: graded by themselves. */
  readonly placing: boolean;
  readonly right: number;
  readonly scroll: number;
};
export type ExamChoiceScreen = {readonly name: 'exam-choice'; readonly cursor: number};
export type ExamScreen = {
  readonly name: 'exam';
  readonly phase: 'waiting' | 'working' | 'grading' | 'failed';
  readonly problem: string;
  readonly cursor: number;
  readonly scroll: number;
};
export type ExamResultScreen = {
  readonly name: 'exam-result';
  readonly result: ExamResult;
  readonly before: ExamResult | undefined;
  readonly cursor: number;
};
export type DomainsScreen = {readonly name: 'domains'; readonly cursor: number; readonly top: number};
export type TextScreen = {
  readonly name: 'text';
  readonly title: string;
  readonly lesson: Lesson | undefined;
  readonly lines: readonly {readonly text: string; readonly mark?: 'passed' | 'failed'}[];
  readonly top: number;
};

export type Screen =
  | HomeScreen
  | WelcomeScreen
  | ListScreen
  | DrillScreen
  | CardsScreen
  | ExamChoiceScreen
  | ExamScreen
  | ExamResultScreen
  | DomainsScreen
  | TextScreen;
export type ScreenName = Screen['name'];

export type Overlay =
  | {readonly name: 'help'}
  | {readonly name: 'filter'; readonly text: string}
  | {readonly name: 'command'; readonly text: string}
  | {
      readonly name: 'confirm';
      readonly of: 'solution' | 'start-over' | 'leave-exam';
      readonly question: string;
    }
  | {readonly name: 'word'; readonly question: string; readonly word: string; readonly text: string};

export type Message = {readonly mark: 'none' | 'passed' | 'failed' | 'look'; readonly text: string};

export type State = {
  readonly columns: number;
  readonly rows: number;
  readonly now: number;
  readonly tick: number;
  readonly content: Content;
  readonly lessons: ReadonlyMap<string, Lesson>;
  readonly progress: Progress;
  readonly outline: Outline;
  readonly cluster: Cluster;
  /** Undefined until the cluster was read once. */
  readonly suggestion: Suggestion | undefined;
  /** Cards made from the objects of the cluster. */
  readonly own: readonly ObjectCard[];
  /** Keys of objects in those cards that are other than when the questions were drawn, or gone. */
  readonly changed: ReadonlySet<string>;
  readonly screen: Screen;
  readonly below: readonly Screen[];
  readonly overlay: Overlay | undefined;
  readonly message: Message | undefined;
};

export type Command =
  | {readonly do: 'quit'}
  /** Leaves for the walk on the practice cluster. */
  | {readonly do: 'walk'}
  | {readonly do: 'save'; readonly progress: Progress}
  | {readonly do: 'set-up'; readonly drill: string}
  | {readonly do: 'take-away'; readonly drill: string}
  | {readonly do: 'solution'; readonly drill: string}
  /** In the drill's work folder. */
  | {readonly do: 'shell'; readonly drill: string}
  | {readonly do: 'start-exam'; readonly exam: Exam}
  | {readonly do: 'hand-in'; readonly exam: Exam};

export type Event =
  | {readonly type: 'key'; readonly key: string}
  | {readonly type: 'resized'; readonly columns: number; readonly rows: number}
  | {readonly type: 'tick'; readonly now: number}
  | {readonly type: 'cluster'; readonly cluster: Cluster}
  | {
      readonly type: 'read';
      readonly suggestion: Suggestion | undefined;
      readonly own: readonly ObjectCard[];
    }
  | {readonly type: 'changed'; readonly keys: ReadonlySet<string>}
  | {readonly type: 'drill-ready'; readonly drill: string; readonly now: number}
  | {readonly type: 'drill-failed'; readonly drill: string; readonly message: string}
  | {
      readonly type: 'verdicts';
      readonly drill: string;
      readonly results: readonly CriterionResult[];
      readonly now: number;
    }
  | {readonly type: 'happened'; readonly items: readonly Happening[]}
  | {readonly type: 'solution'; readonly drill: string; readonly text: string}
  | {readonly type: 'exam-ready'; readonly exam: Exam}
  /** `progress` where another session has the exam, or had it: as it is written. */
  | {readonly type: 'exam-failed'; readonly message: string; readonly progress?: Progress}
  | {readonly type: 'graded'; readonly result: ExamResult}
  | {readonly type: 'message'; readonly message: Message};

export type Update = readonly [State, ...Command[]];

export const drillOf = (state: State, id: string): Drill | undefined =>
  state.content.drills.find((drill) => drill.id === id);

/** Id of the drill that is worked on, in a drill or as the chosen task of an exam. */
export const currentDrill = (state: State): string | undefined => {
  const {screen} = state;
  if (screen.name === 'drill') return screen.drill;
  return screen.name === 'exam' ? state.progress.exam?.tasks[screen.cursor]?.drill : undefined;
};
