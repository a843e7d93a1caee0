import {join} from 'node:path';
import {pairs, writeFolder, writeList} from './inputs.ts';
import type {Outcome, Row} from './measure.ts';
import {Screen} from './pty.ts';

const scores = /C-0034.*\d+%/;

/** Runs something on a screen that is gone afterwards, whatever happens. */
async function withScreen<T>(screen: Screen, act: (screen: Screen) => Promise<T>): Promise<T> {
  try {
    return await act(screen);
  } finally {
    await screen.quit();
  }
}

/** Start to first frame and to scores on practice, and the memory of it a second later. */
export async function benchStart(times: number, home: string): Promise<readonly Outcome[]> {
  const environment = {KUBEKATA_HOME: home, HOME: home};
  const frames: number[] = [];
  const whole: number[] = [];
  const memory: number[] = [];
  for (let run = -1; run < times; run += 1) {
    const started = performance.now();
    await withScreen(new Screen(['--practice'], environment), async (screen) => {
      await screen.see(/kubekata/);
      const frame = performance.now() - started;
      await screen.see(scores, 30);
      const score = performance.now() - started;
      await screen.quiet(500);
      const used = screen.memory();
      // The first run makes the cluster and fills the compile cache.
      if (run < 0) return;
      frames.push(frame);
      whole.push(score);
      if (used !== undefined) memory.push(used);
    });
  }
  return [
    {what: 'start to first frame', unit: 'ms', samples: frames, budget: 150},
    {what: 'start to scores of the practice cluster', unit: 'ms', samples: whole, budget: 600},
    ...(memory.length === 0
      ? []
      : [
          {
            what: 'memory of the terminal on practice',
            unit: 'MiB',
            samples: memory,
            budget: 200,
          } satisfies Row,
        ]),
  ];
}

/** Keys one at a time, and held down, on the walk of the practice cluster. */
export function benchKeys(presses: number, home: string): Promise<readonly Outcome[]> {
  const environment = {KUBEKATA_HOME: home, HOME: home};
  return withScreen(new Screen(['--practice'], environment), async (screen) => {
    await screen.see(scores, 30);
    // The practice cluster settles: what it tells is no answer to a key.
    await screen.quiet(500);
    return keyRows('walk', screen, presses);
  });
}

/** The same in a list of 10,000 rows. */
export async function benchRows(presses: number, folder: string): Promise<readonly Outcome[]> {
  const deployments = pairs(10_000).filter(({kind}) => kind === 'Deployment');
  const environment = {KUBEKATA_HOME: join(folder, 'home'), HOME: folder};
  const words = ['--manifests', writeList(join(folder, 'rows'), deployments)];
  return withScreen(new Screen(words, environment), async (screen) => {
    // A control that all of them fail comes first.
    await screen.see(/^▸ .* 10000 *10000 .* 0%/m, 90);
    await screen.quiet(500);
    screen.press('\r');
    const loading = await whileBusy('10,000 rows load', screen, presses / 2, 'n');
    await screen.until(() => /app-/.test(screen.text()), 'the rows', 40);
    await screen.quiet(500);
    // Marks all that are safe, half of them, or none: what they would do is forecast anew.
    screen.press('\x1b');
    await screen.see(/Lowest score first/);
    screen.press('/C-0016\r');
    await screen.see(/^▸ +C-0016/m);
    screen.press('\r');
    await screen.see(/▸ C-0016[\s\S]* 1-\d+ of \d+ +╎/, 40);
    if (!/\[Failing/.test(screen.text())) screen.press('\t');
    await screen.see(/\[Failing/);
    const forecast = await whileBusy('5,000 fixes are forecast', screen, presses / 2, '*');
    await screen.quiet(500);
    return [...(await keyRows('10,000 rows', screen, presses)), loading, forecast];
  });
}

/** Keys right after one that starts long work: a third of a second of it is under way then. */
async function whileBusy(what: string, screen: Screen, presses: number, start: string): Promise<Row> {
  const samples: number[] = [];
  for (let press = 0; press < presses; press += 1) {
    if (press % 8 === 0) {
      screen.press(start);
      await screen.quiet(15);
    }
    samples.push(await screen.answer('\t'));
  }
  return {what: `key while ${what}, 120x40`, unit: 'ms', samples, budget: 12, budget95: 20};
}

/** Keys while a preview of 10,000 objects, one in each file, is made; some of its frames are its own. */
export async function benchPreview(
  presses: number,
  folder: string,
  isQuick: boolean,
): Promise<readonly Outcome[]> {
  const count = isQuick ? 500 : 10_000;
  const deployments = pairs(count).filter(({kind}) => kind === 'Deployment');
  const environment = {KUBEKATA_HOME: join(folder, 'home'), HOME: folder};
  const words = ['--manifests', await writeFolder(join(folder, 'preview'), deployments)];
  return withScreen(new Screen(words, environment), async (screen) => {
    await screen.see(new RegExp(`^▸ .* ${count} *${count} .* 0%`, 'm'), 120);
    await screen.quiet(500);
    screen.press('/C-0016\r');
    await screen.see(/^▸ +C-0016/m);
    await screen.see(/automatic/, 40);
    screen.press('a');
    await screen.see(/is asked/);
    const samples: number[] = [];
    // The help lies on top of the preview, and is taken away again.
    for (let press = 0; press < presses; press += 1) {
      samples.push(await screen.answer('?'));
    }
    const what = `key while ${count / 2} objects are previewed, 120x40`;
    return [{what, unit: 'ms', samples, budget: 12, budget95: 20}];
  });
}

async function keyRows(where: string, screen: Screen, presses: number): Promise<readonly Row[]> {
  const times: number[] = [];
  const bytes: number[] = [];
  for (let press = 0; press < presses; press += 1) {
    const before = screen.bytes;
    times.push(await screen.answer(press % 20 < 10 ? 'j' : 'k'));
    bytes.push(screen.bytes - before);
  }
  return [
    {what: `key to frame, ${where}, 120x40`, unit: 'ms', samples: times, budget: 12, budget95: 20},
    {what: `bytes per key, ${where}`, unit: 'bytes', samples: bytes},
    await repeatRow(where, screen),
  ];
}

/** A key held down: how long after the last press something is still drawn. A backlog would add up to seconds. */
async function repeatRow(where: string, screen: Screen): Promise<Row> {
  const samples: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    let last = 0;
    for (let press = 0; press < 15; press += 1) {
      last = performance.now();
      screen.press(round % 2 === 0 ? 'j' : 'k');
      await new Promise((resolve) => setTimeout(resolve, 33));
    }
    await screen.quiet(60);
    samples.push(Math.max(0, screen.lastWrite - last));
  }
  return {what: `last frame after keys each 33 ms, ${where}`, unit: 'ms', samples, budget: 33};
}
