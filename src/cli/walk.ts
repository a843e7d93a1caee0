import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {frameworks} from '../../controls/frameworks.ts';
import {Journal} from '../fix/journal.ts';
import type {TargetChoice as TuiChoice} from '../tui/options.ts';
import {runTui} from '../tui/run.tsx';
import {colourDepth} from '../tui/theme.ts';
import type {TargetChoice} from './choice.ts';
import {findChoices, folderChoice, shownChoice} from './choices.ts';
import {acceptFinding, attestControl, readAccept} from './exceptions.ts';
import type {DisplayOptions} from './invocation.ts';
import {lessonReader} from './lessons.ts';
import {packageRoot, stateDirectory} from './places.ts';

import type {Invocation} from './program.ts';
import {roleText} from './rbac.ts';
import {defaultFramework} from './scope.ts';
import {openTarget} from './targets.ts';
import {version} from './version.ts';

type WalkInvocation = Extract<Invocation, {command: 'walk'}>;

/**
 * Opens the screens, and the study mode where the person goes on to it; who leaves that comes back.
 * @param isFromStudy Then going to the study mode is going back to it. Returns the exit code.
 */
export async function walk(
  asked: WalkInvocation,
  isFromStudy = false,
  background: () => Promise<DisplayOptions['theme'] | undefined> = async () => undefined,
): Promise<number> {
  const theme = (await background()) ?? asked.display.theme;
  const invocation = {...asked, display: {...asked.display, theme}};
  for (;;) {
    let isForStudy = false;
    const code = await screens(invocation, () => {
      isForStudy = true;
    });
    if (!isForStudy || isFromStudy) return code;
    const {study} = await import('./study.ts');
    const nothing = {context: undefined, kubeconfig: undefined, exportTo: undefined, importFrom: undefined};
    await study({command: 'study', ...nothing, list: false, format: 'table', display: invocation.display});
  }
}

async function screens(invocation: WalkInvocation, study: () => void): Promise<number> {
  const {choice, display} = invocation;
  const {choices, notes} = choice
    ? {choices: [shownChoice(choice)], notes: []}
    : await findChoices(process.cwd(), process.env);
  const lessons = await readdir(join(packageRoot(), 'lessons'));
  const readLesson = lessonReader();
  return runTui({
    version: version(),
    choices,
    notes,
    // Nothing to choose, so nothing is asked.
    initial: choices.length === 1 ? choices[0] : undefined,
    connect: (chosen) => openTarget(choice ?? targetOf(chosen, display.nodesProxy)),
    folder: folderChoice,
    frameworks: Object.values(frameworks),
    framework: invocation.framework ?? defaultFramework(choice ?? {kind: 'practice'}),
    lessonIds: lessons.filter((name) => name.endsWith('.md')).map((name) => name.slice(0, -3)),
    lesson: (id) => readLesson(id).catch(() => undefined),
    journalFor: async (target) => new Journal(stateDirectory(process.env), await target.identity()),
    study,
    readOnly: display.readOnly,
    guard: display.guard,
    role: roleText,
    accepted: () => readAccept(display.exceptions),
    accept: async (exceptions) => {
      for (const one of exceptions) await acceptFinding(one, display.exceptions);
    },
    attest: (attestation) => attestControl(attestation, display.exceptions),
    theme: {theme: display.theme, colourBlind: display.colourBlind, depth: colourDepth(process.env)},
    icons: display.icons,
    screenReader: display.screenReader,
    env: process.env,
    folderForFiles: process.cwd(),
  });
}

const targetOf = ({kind, name}: TuiChoice, nodesProxy: boolean): TargetChoice =>
  kind === 'practice'
    ? {kind}
    : kind === 'live'
      ? {kind, context: name, ...(nodesProxy ? {nodesProxy} : {})}
      : {kind, paths: [name]};
