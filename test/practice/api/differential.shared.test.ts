import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest';
import {asObject} from '../../../src/engine/json.ts';
import {hasShared, shared} from '../../helpers/shared.ts';
import {
  type Answer,
  connect,
  differences,
  newNamespace,
  normalise,
  type Send,
  withoutControllers,
} from './differential.ts';
import {cases} from './differential-cases.ts';
import {customCases, definition, firstThing} from './differential-custom-cases.ts';
import {generatedCases, generatedSetup} from './differential-generated.ts';
import {generatedOnPurpose, onPurpose} from './differential-on-purpose.ts';
import {
  mistaken,
  policyCases,
  policyOnPurpose,
  policyProbes,
  policySetup,
  policyTeardown,
  statusOfMistaken,
} from './differential-policy-cases.ts';
import {type Case, madeByControllers} from './differential-requests.ts';
import {
  smallCases,
  smallIgnored,
  smallProbes,
  smallSetup,
  smallTeardown,
} from './differential-small-cases.ts';
import {storiesOf} from './differential-stories.ts';
import {webhookCases, webhookProbes, webhookSetup, webhookTeardown} from './differential-webhook-cases.ts';
import {newDirectory, type Practice, removeDirectory, startPractice} from './practice.ts';

/** `KUBEKATA_SEED=7` or `4-40`. */
const [first = 1, last = first] = (process.env.KUBEKATA_SEED ?? '1-3').split('-').map(Number);
const seeds = Array.from({length: last - first + 1}, (_, index) => first + index);
const count = Number(process.env.KUBEKATA_COUNT ?? 800);

const brokenOff: Answer = {status: 0, body: 'broken off', warnings: []};

describe.skipIf(!hasShared)('the practice cluster answers as a real API server', () => {
  const directory = newDirectory();
  const namespace = newNamespace();
  let practice: Practice;
  let real: Send;
  let ours: Send;
  beforeAll(async () => {
    const plane = join(directory, 'plane');
    const up = execFileSync(shared('cluster/up.sh'), [plane], {encoding: 'utf8'});
    expect(up).toContain('up in');
    practice = await startPractice();
    real = connect(join(plane, 'kubeconfig'));
    ours = connect(practice.cluster.kubeconfigPath);
    for (const send of [real, ours]) {
      const made = await send(
        {name: 'namespace', method: 'POST', path: '/api/v1/namespaces', body: {metadata: {name: namespace}}},
        namespace,
      );
      expect(made.status).toBe(201);
    }
    // The real ones are made by a controller, here or there a moment later.
    for (const item of madeByControllers) for (const send of [real, ours]) await send(item, namespace);
  });
  afterAll(async () => {
    execFileSync(shared('cluster/down.sh'), [join(directory, 'plane')]);
    removeDirectory(directory);
    await practice.close();
  });

  /** What differs between the two clusters, by the name of the case. */
  async function compare(items: readonly Case[]): Promise<Record<string, readonly string[]>> {
    const different: Record<string, readonly string[]> = {};
    for (const item of items) {
      // The real server crashes on some requests; ours may not.
      const [theirs, mine] = await Promise.all([
        real(item, namespace).catch(() => brokenOff),
        ours(item, namespace),
      ]);
      const found = differences(
        withoutControllers(normalise({...theirs})),
        withoutControllers(normalise({...mine})),
      );
      if (found.length > 0) different[item.name] = found;
    }
    return different;
  }

  const short = (lines: readonly string[]): readonly string[] =>
    lines.slice(0, 5).map((line) => line.slice(0, 400));

  test('field by field, but for what is listed', async () => {
    const different = await compare(cases);
    const unexpected = Object.fromEntries(
      Object.entries(different)
        .filter(([name]) => !(name in onPurpose))
        .map(([name, lines]) => [name, short(lines)]),
    );
    expect(unexpected).toEqual({});
    expect(Object.keys(different).sort()).toEqual(Object.keys(onPurpose).sort());
  });

  test('custom kinds: schemas, defaults and rules', async () => {
    await Promise.all([real, ours].map((send) => send(definition, namespace)));
    await vi.waitFor(async () => expect((await real(firstThing, namespace)).status).toBe(201), {
      timeout: 15_000,
    });
    expect((await ours(firstThing, namespace)).status).toBe(201);
    expect(await compare(customCases)).toEqual({});
  });

  test('small things: discovery, families, certificates, projected volumes, evictions', async () => {
    const setup = smallSetup();
    for (const send of [real, ours]) {
      for (const item of setup) {
        const {status, body} = await send(item, namespace);
        expect(status, JSON.stringify(body)).toBe(201);
      }
      for (const [item, status] of smallProbes)
        await vi.waitFor(async () => expect((await send(item, namespace)).status).toBe(status), {
          timeout: 15_000,
        });
    }
    const compared = Object.entries(await compare(smallCases()));
    const different = compared.filter(
      ([name, lines]) =>
        !name.startsWith('merge: certificate') || lines.some((line) => !smallIgnored.test(line)),
    );
    for (const send of [real, ours])
      for (const item of smallTeardown) expect((await send(item, namespace)).status).toBe(200);
    expect(different).toEqual([]);
  }, 60_000);

  test('admission policies', async () => {
    for (const send of [real, ours]) {
      for (const item of [...policySetup, mistaken]) {
        const {status, body} = await send(item, namespace);
        expect(status, JSON.stringify(body)).toBe(201);
      }
    }
    // The real one looks for new policies now and then.
    await vi.waitFor(
      async () => {
        for (const item of policyProbes) expect((await real(item, namespace)).status).not.toBe(201);
      },
      {timeout: 15_000},
    );
    for (const send of [real, ours])
      await vi.waitFor(
        async () => {
          const {body} = await send(statusOfMistaken, namespace);
          expect(asObject(asObject(body).status).observedGeneration).toBe(1);
        },
        {timeout: 15_000},
      );
    const different = await compare([statusOfMistaken, ...policyCases]);
    for (const send of [real, ours]) for (const item of policyTeardown) await send(item, namespace);
    // The real one lets go of them a moment later.
    await vi.waitFor(
      async () => {
        for (const item of policyProbes) expect((await real(item, namespace)).status).toBe(201);
      },
      {timeout: 15_000},
    );
    const unexpected = Object.fromEntries(
      Object.entries(different).filter(([name]) => !(name in policyOnPurpose)),
    );
    expect(unexpected).toEqual({});
    expect(Object.keys(different).sort()).toEqual(Object.keys(policyOnPurpose).sort());
  });

  test('webhooks that nobody answers', async () => {
    for (const send of [real, ours]) {
      for (const item of webhookSetup) {
        const {status, body} = await send(item, namespace);
        expect(status, JSON.stringify(body)).toBe(201);
      }
    }
    await vi.waitFor(
      async () => {
        for (const item of webhookProbes) expect((await real(item, namespace)).status).toBe(500);
      },
      {timeout: 15_000},
    );
    const different = await compare(webhookCases);
    for (const send of [real, ours])
      for (const item of webhookTeardown) expect((await send(item, namespace)).status).toBe(200);
    expect(different).toEqual({});
    // The real one lets go of them a moment later.
    await vi.waitFor(
      async () => {
        for (const item of webhookProbes) expect((await real(item, namespace)).status).toBe(201);
      },
      {timeout: 15_000},
    );
  }, 60_000);

  const isKnown = (name: string, lines: readonly string[]): boolean =>
    generatedOnPurpose.some(({cases, fits}) => cases.test(name) && lines.every(fits));

  test(
    'generated requests',
    async () => {
      for (const item of generatedSetup) {
        // A policy that was removed is still in force for a moment in the real one.
        const theirs = await vi.waitFor(
          async () => {
            const answer = await real(item, namespace);
            expect(answer.status).not.toBe(422);
            return answer;
          },
          {timeout: 15_000},
        );
        const mine = await ours(item, namespace);
        expect([theirs.status, mine.status], JSON.stringify([item.name, theirs.body, mine.body])).toEqual([
          201, 201,
        ]);
      }
      const unexpected: Record<string, readonly string[]> = {};
      for (const seed of seeds) {
        for (const [name, lines] of Object.entries(await compare(generatedCases(seed, count))))
          if (!isKnown(name, lines)) unexpected[name] = short(lines);
      }
      expect(unexpected).toEqual({});
      // A fact whose example is answered alike is none any more: take it out of here and of docs/practice-cluster.md.
      const shown = await compare(generatedOnPurpose.map(({example}) => example));
      for (const {example, cases, fits, reason} of generatedOnPurpose) {
        const lines = shown[example.name] ?? [];
        const holds = cases.test(example.name) && lines.length > 0 && lines.every(fits);
        expect(holds, `${reason}: ${lines.join('\n')}`).toBe(true);
      }
    },
    seeds.length * count * 50 + 120_000,
  );

  // Last, as what they leave would be in the lists of the others.
  test(
    'generated stories: several managers write one object',
    async () => {
      const unexpected: Record<string, readonly string[]> = {};
      const stories = seeds.flatMap((seed) => storiesOf(seed, Math.ceil(count / 10)));
      for (const story of stories) {
        for (const item of story) {
          const lines = Object.values(await compare([item]))[0];
          if (!lines) continue;
          if (!isKnown(item.name, lines)) unexpected[item.name] = short(lines);
          // What comes after tells the same once more.
          break;
        }
      }
      expect(unexpected).toEqual({});
    },
    seeds.length * count * 50 + 120_000,
  );
});
