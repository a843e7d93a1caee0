import {copyFile, readFile, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {createInterface} from 'node:readline/promises';
import {frameworks} from '../../controls/frameworks.ts';
import {studyList, studyTable} from '../learn/catalogue.ts';
import {readCompiled, readWritten} from '../learn/content.ts';
import type {Content} from '../learn/knowledge.ts';
import {alone, type Locks} from '../learn/locks.ts';
import {parseProgress, progressFile, readProgress, writeProgress} from '../learn/progress.ts';
import {ProgressFile} from '../learn/progress-file.ts';
import {acquireLock, releaseLock} from '../practice/api/lock.ts';
import type {StudyCluster} from '../tui/study/options.ts';
import {UsageError} from './choice.ts';
import {exitCodes} from './exit-codes.ts';
import type {DisplayOptions, StudyInvocation} from './invocation.ts';
import {readLessons} from './lessons.ts';
import {packageRoot, stateDirectory} from './places.ts';
import {defaultFramework} from './scope.ts';
import {print, say} from './stdout.ts';

const locks: Locks = {acquire: acquireLock, release: releaseLock};
const fromSource = import.meta.url.endsWith('.ts');

/** Runs `kubekata study`: its screens, or what one of its options asks for. Returns the exit code. */
export async function study(invocation: StudyInvocation): Promise<number> {
  if (invocation.list) return list(invocation.format);
  if (invocation.exportTo !== undefined) return exportProgress(invocation.exportTo);
  if (invocation.importFrom !== undefined) return importProgress(invocation.importFrom);
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UsageError(
      'kubekata study wants a terminal. kubekata study --list prints what there is to learn.',
    );
  }
  const {context, kubeconfig} = invocation;
  const isLive = context !== undefined || kubeconfig !== undefined;
  if (isLive && !(await confirmCluster(context, kubeconfig))) return exitCodes.ok;
  for (;;) {
    const outcome = await screens(invocation, isLive);
    if (outcome === 'quit') return exitCodes.ok;
    const {walk} = await import('./walk.ts');
    const choice = isLive ? liveChoice(context, kubeconfig) : ({kind: 'practice'} as const);
    await walk({command: 'walk', choice, framework: undefined, display: invocation.display}, true);
  }
}

const liveChoice = (context?: string, kubeconfig?: string) => ({
  kind: 'live' as const,
  ...(context === undefined ? {} : {context}),
  ...(kubeconfig === undefined ? {} : {kubeconfig}),
});

async function readContent(): Promise<{readonly content: Content; readonly lessons: Lessons}> {
  const root = packageRoot();
  const [lessons, {drills, cards}] = await Promise.all([
    readLessons(),
    fromSource ? readWritten(join(root, 'src/learn')) : readCompiled(join(root, 'dist')),
  ]);
  const places = [...lessons.values()].map(({id, title, competencies}) => ({id, title, competencies}));
  return {content: {lessons: places, drills, cards}, lessons};
}
type Lessons = Awaited<ReturnType<typeof readLessons>>;

async function screens({context, kubeconfig, display}: StudyInvocation, isLive: boolean) {
  const file = progressFile(stateDirectory(process.env));
  const [{content, lessons}, progress, {runStudy}, {colourDepth}] = await Promise.all([
    readContent(),
    readProgress(file),
    import('../tui/study/run.tsx'),
    import('../tui/theme.ts'),
  ]);
  const mine = new ProgressFile(file, progress, locks);
  return runStudy({
    content,
    lessons,
    progress,
    load: () => readProgress(file),
    save: (next) => mine.save(next),
    open: () => (isLive ? openLive(context, kubeconfig) : openPracticeCluster()),
    framework: frameworks.nsa!,
    walkFramework:
      frameworks[defaultFramework(isLive ? liveChoice(context, kubeconfig) : {kind: 'practice'})]!,
    theme: themeOf(display, colourDepth(process.env)),
    icons: display.icons,
    screenReader: display.screenReader,
    env: process.env,
  });
}

const themeOf = <T>({theme, colourBlind}: DisplayOptions, depth: T) => ({theme, colourBlind, depth});

async function openPracticeCluster(): Promise<StudyCluster> {
  const {openPractice, practiceDirectory} = await import('./practice-host.ts');
  const practice = await openPractice();
  const directory = practiceDirectory();
  const scenarios = fromSource ? 'src/practice/scenarios' : 'dist/scenarios';
  const cluster = await clusterOf(undefined, practice.kubeconfig, {
    name: 'practice',
    isPractice: true,
    work: join(directory, 'work'),
    nodes: join(directory, 'nodes'),
    pristineNodes: join(packageRoot(), scenarios, practice.scenario, 'nodes'),
  });
  return {...cluster, close: () => cluster.close().then(() => practice.close())};
}

const openLive = (context?: string, kubeconfig?: string): Promise<StudyCluster> =>
  clusterOf(context, kubeconfig, {
    isPractice: false,
    work: join(stateDirectory(process.env), 'study', 'work'),
    nodes: undefined,
    pristineNodes: undefined,
  });

type Rest = Pick<StudyCluster, 'isPractice' | 'work' | 'nodes' | 'pristineNodes'> & {readonly name?: string};

async function clusterOf(
  context: string | undefined,
  kubeconfig: string | undefined,
  rest: Rest,
): Promise<StudyCluster> {
  const [{liveTarget}, {KubeClient}, {accessOf, loadKubeconfig}] = await Promise.all([
    import('../target/live/live.ts'),
    import('../target/live/client.ts'),
    import('../target/kubeconfig.ts'),
  ]);
  const access = accessOf(loadKubeconfig(kubeconfig), context);
  const name = rest.name ?? access.context.name;
  const client = new KubeClient(name, access);
  const target = await liveTarget({
    kubeconfig,
    context,
    kind: rest.isPractice ? 'practice' : 'live',
    name,
  });
  return {
    ...rest,
    name,
    locks,
    target,
    client,
    kubeconfig: target.environment.KUBECONFIG ?? kubeconfig ?? '',
    close: () => target.close().then(() => client.close()),
  };
}

/** Drills make and delete namespaces: only a cluster whose name was typed is taken for them. */
async function confirmCluster(context: string | undefined, kubeconfig: string | undefined): Promise<boolean> {
  const {accessOf, loadKubeconfig} = await import('../target/kubeconfig.ts');
  const {context: found} = accessOf(loadKubeconfig(kubeconfig), context);
  say(
    `Drills make and delete namespaces and cluster-wide objects in ${found.name} (${found.server}).\nTake a cluster that you can throw away: kind, minikube, k3s.`,
  );
  const lines = createInterface({input: process.stdin, output: process.stderr});
  try {
    const typed = await lines.question(`Type ${found.name} to go on: `);
    if (typed.trim() === found.name) return true;
    say(
      'That is not its name. Nothing was changed. Without --context, kubekata study takes the practice cluster.',
    );
    return false;
  } finally {
    lines.close();
  }
}

async function list(format: 'table' | 'json'): Promise<number> {
  const {content} = await readContent();
  const found = studyList(content);
  await print(format === 'json' ? `${JSON.stringify(found, null, 2)}\n` : studyTable(found));
  return exitCodes.ok;
}

/** Writes the progress to a file, or to stdout for `-`. */
async function exportProgress(to: string): Promise<number> {
  const progress = await readProgress(progressFile(stateDirectory(process.env)));
  const text = `${JSON.stringify(progress, null, 2)}\n`;
  if (to === '-') {
    await print(text);
    return exitCodes.ok;
  }
  await writeFile(to, text, {mode: 0o600});
  say(`Your progress was written to ${to}: ${summary(progress)}.`);
  return exitCodes.ok;
}

/** Takes a file over; what was there is kept beside it. */
async function importProgress(from: string): Promise<number> {
  const text = await readFile(from, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${from} can't be read.`, {cause});
  });
  const progress = parseProgress(text, from);
  const file = progressFile(stateDirectory(process.env));
  const backup = `${file}.before-import`;
  const hadOne = await copyFile(file, backup).then(
    () => true,
    () => false,
  );
  await alone(dirname(file), locks, () => writeProgress(file, progress));
  say(`Your progress is now that of ${from}: ${summary(progress)}.${hadOne ? ` Before: ${backup}.` : ''}`);
  return exitCodes.ok;
}

const summary = ({cards, drills, days}: Awaited<ReturnType<typeof readProgress>>): string =>
  `${Object.keys(cards).length} cards, ${Object.keys(drills).length} drills, ${days.length} days`;
