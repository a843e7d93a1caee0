import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {frameworks} from '../../controls/frameworks.ts';
import {Inventory} from '../../src/engine/inventory.ts';
import {Objects} from '../../src/learn/api.ts';
import {type Drill, outsideOf} from '../../src/learn/drill.ts';
import {workFolder} from '../../src/learn/drill-files.ts';
import {type Place, setUp, takeAway} from '../../src/learn/place.ts';
import {type CriterionResult, verify, type World} from '../../src/learn/verify.ts';
import {accessOf, loadKubeconfig} from '../../src/target/kubeconfig.ts';
import {KubeClient} from '../../src/target/live/client.ts';
import {liveTarget} from '../../src/target/live/live.ts';
import {shared} from './shared.ts';

const run = promisify(execFile);
const inPlacePatience = 2;

export const drillsFolder = join(import.meta.dirname, '../../src/learn/drills');
export const pristineNodes = join(import.meta.dirname, '../../src/practice/scenarios/home/nodes');

/** A cluster to do drills on, by its kubeconfig. */
export type Gym = {
  /** Brings the drill to its beginning. */
  begin(drill: Drill): Promise<void>;
  end(drill: Drill): Promise<void>;
  /** Runs a script of the drill with real kubectl. */
  script(drill: Drill, name: string): Promise<void>;
  judge(drill: Drill): Promise<readonly CriterionResult[]>;
  /** Judges until a condition holds, at most 20 seconds or those given; returns the last verdicts. */
  settle(
    drill: Drill,
    isSo: (results: readonly CriterionResult[]) => boolean,
    seconds?: number,
  ): Promise<readonly CriterionResult[]>;
  /** Rejects while nobody listens. */
  answers(): Promise<number>;
  close(): Promise<void>;
};

export async function openGym(kubeconfig: string, folder: string, nodes: string | undefined): Promise<Gym> {
  const client = new KubeClient('gym', accessOf(loadKubeconfig(kubeconfig)));
  const target = await liveTarget({kubeconfig, ...(nodes ? {kind: 'practice'} : {})});
  const place: Place = {
    objects: new Objects(client),
    work: join(folder, 'work'),
    nodes,
    pristineNodes: nodes && pristineNodes,
  };
  const programs = (await run(shared('cluster/bin.sh'))).stdout.trim();
  const inventory = async () => {
    const found = new Inventory();
    for (const event of await target.list()) {
      if (event.type === 'set') found.set(event.resource);
      if (event.type === 'coverage' && event.reason !== undefined) {
        found.setGap(event.kind, {reason: event.reason});
      }
    }
    return found;
  };
  const judge = (drill: Drill) => {
    let read: Promise<Inventory> | undefined;
    const world: World = {
      objects: place.objects,
      // Read once for all criteria of a look.
      inventory: () => {
        read ??= inventory();
        return read;
      },
      framework: frameworks.nsa!,
      work: workFolder(place, drill),
      nodes,
    };
    return verify(drill.criteria, world);
  };
  return {
    begin: (drill) => setUp(drill, place),
    end: (drill) => takeAway(drill, place),
    async script(drill, name) {
      const work = workFolder(place, drill);
      const env = {
        PATH: `${programs}:${process.env.PATH}`,
        HOME: folder,
        KUBECONFIG: kubeconfig,
        WORK: work,
        NODES: nodes ?? '',
        DRILL: drill.folder,
      };
      await run('bash', ['-euo', 'pipefail', join(drill.folder, name)], {cwd: work, env, timeout: 60_000});
    },
    judge,
    async settle(drill, isSo, seconds = 20) {
      const end = Date.now() + seconds * 1000;
      for (let rest = 100; ; rest = Math.min(1_000, rest * 1.5)) {
        const results = await judge(drill);
        if (isSo(results) || Date.now() > end) return results;
        await new Promise((resolve) => setTimeout(resolve, rest));
      }
    },
    answers: async () => (await client.send({path: '/readyz'})).status,
    async close() {
      await target.close();
      await client.close();
    },
  };
}

/** Names that no two drills may use at the same time. */
export const locksOf = (drill: Drill): readonly string[] => [
  ...drill.namespaces,
  ...outsideOf(drill).map(({kind, namespace, name}) => `${kind}/${namespace}/${name}`),
  ...(drill.onNodes ? ['nodes'] : []),
];

/**
 * What is wrong with a drill, as sentences: its untouched state, its solution and every wrong solution, each tried from
 * the beginning. `inPlace`: a wrong solution is first tried on what the one before it left, since most set all that they
 * need; where that does not show what it should, it is tried from the beginning.
 */
export async function problemsOf(
  drill: Drill,
  gym: Gym,
  {inPlace = false}: {readonly inPlace?: boolean} = {},
): Promise<readonly string[]> {
  const problems: string[] = [];
  const told = (results: readonly CriterionResult[]) =>
    results.map(({id, passed, reason}) => `${id} ${passed ? 'passes' : `fails (${reason})`}`).join('; ');
  const attempt = async (what: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      const {stderr} = error as {stderr?: string};
      problems.push(
        `${drill.id}: ${what} stops: ${stderr || (error instanceof Error ? error.message : String(error))}`,
      );
    }
  };
  await attempt('the set-up', async () => {
    await gym.begin(drill);
    const untouched = await gym.judge(drill);
    if (untouched.some(({passed}) => passed)) {
      problems.push(`${drill.id}: the untouched state has to fail every criterion: ${told(untouched)}`);
    }
  });
  await attempt('solution.sh', async () => {
    await gym.script(drill, 'solution.sh');
    const solved = await gym.settle(drill, (results) => results.every(({passed}) => passed));
    if (!solved.every(({passed}) => passed)) {
      problems.push(`${drill.id}: the solution has to pass every criterion: ${told(solved)}`);
    }
  });
  for (const {id} of drill.criteria) {
    const name = `wrong/${id}.sh`;
    if (!existsSync(join(drill.folder, name))) {
      problems.push(`${drill.id}: ${name} is missing: a wrong solution that fails only ${id}.`);
      continue;
    }
    // A wrong manifest stops the API server: what would have to be read from it can't be judged meanwhile.
    const failsOnlyThis = (results: readonly CriterionResult[]) =>
      results.every(
        (one) =>
          one.passed === (one.id !== id) || (one.id !== id && /^it can't be checked now/.test(one.reason)),
      );
    if (inPlace) {
      const isShown = await gym.script(drill, name).then(
        async () => failsOnlyThis(await gym.settle(drill, failsOnlyThis, inPlacePatience)),
        () => false,
      );
      if (isShown) continue;
    }
    await attempt(name, async () => {
      await gym.begin(drill);
      await gym.script(drill, name);
      const found = await gym.settle(drill, failsOnlyThis);
      if (!failsOnlyThis(found)) {
        problems.push(`${drill.id}: ${name} has to fail ${id} and nothing else: ${told(found)}`);
      }
    });
  }
  await attempt('its end', () => gym.end(drill));
  return problems;
}

/** Runs work over drills, some at once, never two that share a lock. */
export async function inLanes<T>(
  drills: readonly Drill[],
  lanes: number,
  work: (drill: Drill) => Promise<T>,
): Promise<readonly T[]> {
  const waiting = [...drills];
  const taken = new Set<string>();
  const results: T[] = [];
  let wake = Promise.withResolvers<void>();
  const lane = async () => {
    while (waiting.length > 0) {
      const index = waiting.findIndex((drill) => locksOf(drill).every((lock) => !taken.has(lock)));
      const drill = index < 0 ? undefined : waiting.splice(index, 1)[0];
      if (drill === undefined) {
        await wake.promise;
        continue;
      }
      for (const lock of locksOf(drill)) taken.add(lock);
      results.push(await work(drill));
      for (const lock of locksOf(drill)) taken.delete(lock);
      wake.resolve();
      wake = Promise.withResolvers<void>();
    }
  };
  await Promise.all(Array.from({length: lanes}, lane));
  return results;
}
