import {readFileSync} from 'node:fs';
import {frameworks} from '../../../controls/frameworks.ts';
import {parseLesson} from '../../../src/engine/lesson.ts';
import {type Drill, parseDrill} from '../../../src/learn/drill.ts';
import {emptyProgress, type Progress} from '../../../src/learn/progress.ts';
import {lineText} from '../../../src/tui/layout.ts';
import {frame} from '../../../src/tui/study/frame.ts';
import {initialState} from '../../../src/tui/study/initial.ts';
import type {StudyOptions} from '../../../src/tui/study/options.ts';
import type {Command, Event, State} from '../../../src/tui/study/state.ts';
import {update} from '../../../src/tui/study/update.ts';
import {card} from '../../learn/written.ts';

export const start = new Date(2026, 10, 23, 14, 0, 0).getTime();

const drillOf = (id: string, title: string, competency: string, more = ''): Drill =>
  parseDrill(
    `
title: ${title}
competencies: [${competency}]
difficulty: easy
minutes: 6
namespace: ${id}
task: |
  In namespace \`${id}\`, Deployment \`ledger\` never calls the API server. Make sure
  that its pods have no token, and that ServiceAccount \`ledger\` hands out none.

  - Leave everything else as it is.
hints: [Both have a field of one name., Running pods keep what they were started with.]
criteria:
  - {id: account, text: ServiceAccount ledger hands out no token., check: {file: work/a, expect: [{contains: x}]}}
  - {id: pods, text: No pod of ledger has a token., check: {file: work/b, expect: [{contains: x}]}}
${more}`,
    id,
  );

const lesson = parseLesson(
  readFileSync(new URL('../../../lessons/service-account-tokens.md', import.meta.url), 'utf8'),
  'service-account-tokens',
);

export const content: StudyOptions['content'] = {
  lessons: [{id: lesson.id, title: lesson.title, competencies: lesson.competencies}],
  cards: [
    card('one', 'setup/network-policies'),
    card('two', 'hardening/rbac'),
    card('three', 'system/kernel-hardening'),
    card('four', 'microservices/secrets'),
    card('five', 'supply-chain/sbom'),
    card('six', 'runtime/audit-logs'),
  ],
  drills: [
    drillOf('deny', 'Deny first', 'setup/network-policies'),
    drillOf('payments', 'Tokens that nobody needs', 'hardening/service-accounts'),
    drillOf('kernel', 'A kernel of its own', 'microservices/isolation'),
    drillOf('audit', 'Who did that?', 'runtime/audit-logs'),
  ],
};

/** The state machine of the study mode with what it commands; no cluster, no files. */
export function study(
  size: {readonly columns?: number; readonly rows?: number} = {},
  progress: Progress = {...emptyProgress, placed: true},
  written: StudyOptions['content'] = content,
) {
  const options: StudyOptions = {
    content: written,
    lessons: new Map([[lesson.id, lesson]]),
    progress,
    load: async () => progress,
    save: async () => undefined,
    open: () => Promise.reject(new Error('no cluster in this test')),
    framework: frameworks.nsa!,
    walkFramework: frameworks.nsa!,
    theme: {theme: 'auto', colourBlind: false, depth: 'truecolor'},
    icons: true,
    screenReader: false,
    env: {},
    now: () => start,
  };
  let state = initialState(options, size.columns ?? 80, size.rows ?? 24);
  const commands: Command[] = [];
  const send = (event: Event): State => {
    const [next, ...more] = update(state, event);
    state = next;
    commands.push(...more);
    return state;
  };
  send({
    type: 'cluster',
    cluster: {
      ...{is: 'open', name: 'practice', isPractice: true, hasNodes: true},
      kubeconfig: '/home/mona/.local/state/kubekata/practice/kubeconfig',
      work: '/home/mona/.local/state/kubekata/practice/work',
      nodes: '/home/mona/.local/state/kubekata/practice/nodes',
    },
  });
  send({
    type: 'read',
    suggestion: {id: 'C-0034', title: 'Automatic mapping of service account', failing: 63},
    own: [],
  });
  return {
    send,
    press(...keys: readonly string[]) {
      for (const key of keys) send({type: 'key', key});
      return state;
    },
    type(text: string) {
      for (const char of text) send({type: 'key', key: char === ' ' ? 'space' : char});
    },
    state: () => state,
    /** What was commanded since it was asked last. */
    commanded: () => commands.splice(0),
    lines: () => frame(state).map((one) => lineText(one).trimEnd()),
    screen: () =>
      frame(state)
        .map((one) => lineText(one).trimEnd())
        .join('\n'),
    spans: () => frame(state),
  };
}
