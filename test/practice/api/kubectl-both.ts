import {parse} from 'yaml';
import {asArray, asObject, type Json, type JsonObject} from '../../../src/engine/json.ts';
import {differences, normalise, withoutControllers} from './differential.ts';
import type {Kubectl, Printed} from './kubectl.ts';

/** A command of kubectl, what is on its input, and which object it leaves. */
export type Step = {
  /** Words are split at spaces; single quotes hold one together. */
  readonly run: string;
  readonly input?: string;
  /** Compared field by field afterwards: `deployment web`. */
  readonly object?: string;
  /** What of the output is compared, where each cluster tells more of its own. */
  readonly show?: (text: string) => string;
  /** Asked again until both print this: controllers work at their own pace. */
  readonly until?: RegExp;
  /** The command KUBE_EDITOR. */
  readonly editor?: string;
};

export const words = (run: string): readonly string[] =>
  [...run.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));

/** Text of kubectl without times, ids, addresses, generated names and the widths that columns have by them. */
export const plain = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
    .replaceAll(/\b(edit|diff|LIVE|MERGED)-\d+/g, '$1-<number>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)/g, '<time>')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC/g, '<time>')
    .replaceAll(/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '<time>')
    .replaceAll(/\b(\d+[smhd])+\b/g, '<age>')
    .replaceAll(/<invalid>(?= ago|$)/gm, '<age>')
    .replaceAll(/\b10\.\d+\.\d+\.\d+/g, '<ip>')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \+0000/g, '<time>')
    // A watch that kubectl's own timeout ends: over HTTP/1.1, which ours speaks, it may write a line about it.
    .replaceAll(/^[IWE]\d{4} .*reflector\.go.*\n/gm, '')
    .replaceAll(/^[IWE]\d{4} [\d:.]+ +\d+ /gm, '<log> ')
    .replaceAll(/(resourceVersion:|"resourceVersion": "|Resource Version: +)\d+/g, '$1<revision>')
    .replaceAll(/(kube-api-access|daemons)-[a-z0-9]{5}\b/g, '$1-<hash>')
    .replaceAll(/pod-template-hash=\w+/g, 'pod-template-hash=<hash>')
    .replaceAll(/-[bcdf-hj-np-tv-xz2456789]{7,10}(-[bcdf-hj-np-tv-xz2456789]{5})?\b/g, '-<hash>')
    .replaceAll(/resourceVersion: "\d+"/g, 'resourceVersion: "<revision>"')
    .replaceAll(/-{3,}/g, '---')
    .replaceAll(/[ \t]{2,}/g, '  ')
    .replaceAll(/[ \t]+$/gm, '');

/** Lines in the order of the alphabet, for what comes in any order. */
export const sorted = (text: string): string => text.split('\n').sort().join('\n');

async function printed(kubectl: Kubectl, step: Step, fill: (text: string) => string): Promise<Printed> {
  const environment = step.editor === undefined ? {} : {KUBE_EDITOR: step.editor};
  const end = Date.now() + 30_000;
  for (;;) {
    const found = await kubectl(words(fill(step.run)), step.input, environment);
    if (!step.until || step.until.test(found.stdout + found.stderr) || Date.now() > end) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Without what a cluster chooses: a pod's node, a port that nobody asked for. */
function withoutChoices({spec, ...rest}: JsonObject): JsonObject {
  if (rest.kind === 'Pod') return {...rest, spec: {...asObject(spec), nodeName: '*'}};
  if (rest.kind !== 'Service' || asObject(spec).type !== 'LoadBalancer') return spec ? {...rest, spec} : rest;
  const ports = asArray(asObject(spec).ports).map((port) => ({...asObject(port), nodePort: '*'}));
  return {...rest, spec: {...asObject(spec), ports}};
}

async function stored(kubectl: Kubectl, object: string): Promise<Json> {
  const text = (await kubectl(['get', ...object.split(' '), '-o', 'yaml'])).stdout;
  const {status: _, metadata, ...rest} = asObject(parse(text) as Json);
  const {generation: __, annotations: ___, ...kept} = asObject(metadata);
  return withoutControllers(normalise(withoutChoices({...rest, metadata: kept})));
}

/** Runs the steps on the real cluster and on ours; what differs, by command. */
export async function compare(
  [real, ours]: readonly [Kubectl, Kubectl],
  steps: readonly Step[],
  fill: (text: string) => string = (text) => text,
): Promise<Readonly<Record<string, unknown>>> {
  const different: Record<string, unknown> = {};
  for (const [index, step] of steps.entries()) {
    const {show = (text: string) => text, object} = step;
    const both = await Promise.all([printed(real, step, fill), printed(ours, step, fill)]);
    const [a, b] = both.map(({code, stdout, stderr}) => [
      `code ${code}`,
      ...show(plain(stdout)).split('\n'),
      ...show(plain(stderr)).split('\n'),
    ]);
    if (JSON.stringify(a) !== JSON.stringify(b)) different[`${index} ${step.run}`] = {real: a, ours: b};
    if (!object) continue;
    const found = differences(await stored(real, fill(object)), await stored(ours, fill(object)));
    if (found.length > 0) different[`${index} ${step.run} (${object})`] = found.slice(0, 5);
  }
  return different;
}
