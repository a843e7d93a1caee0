import type {Framework} from '../../src/engine/control.ts';
import type {JsonObject} from '../../src/engine/json.ts';
import {formatPath} from '../../src/engine/path.ts';
import type {ControlResult, ScanResult} from '../../src/engine/scan.ts';
import {inventoryOfCase, type PeerResult, type RuleCase, scan} from './pack.ts';

/** One difference between the peer and us, as a row of docs/divergences.md names it. */
export type Difference = {
  readonly control: string;
  /** `rule/case` of the rule cases, or a place: `files/argo-cd`. */
  readonly where: string;
  /** The id of an object, `paths of ID`, or `objects counted`. */
  readonly what: string;
  readonly peer: string;
  readonly ours: string;
};

export const keyOf = ({control, where, what, peer, ours}: Difference): string =>
  [control, where, what, peer, ours].join(' | ');

const verdictWord = (fails: boolean): string => (fails ? 'fails' : 'passes');

/** The peer's paths as we write them: it names roles by their position, and keys of maps in brackets. */
const peerPath = (path: string): string =>
  path
    .replace(/^relatedObjects\[\d+\]\.rules(\[\d+\]).*/, 'role.rules$1')
    .replace(/^data\[(.*)\]$/, 'data.$1')
    .replace(/(env\[\d+\])\.(name|value)$/, '$1');

const ourPath = (path: string): string => path.replace(/(env\[\d+\])\.value$/, '$1');

const distinct = (paths: readonly string[]): readonly string[] => [...new Set(paths)].sort();
const parentOf = (path: string): string => path.replace(/\.?[^.]+$/, '');

/**
 * Undefined where both name the same fields. Where the peer only proposes fields to set (often more than the one that is
 * wrong), ours must be among them, and at every place that it proposes for.
 */
function differentPaths(
  {failedPaths, fixPaths}: RuleCase['expectedFailing'][string],
  ours: readonly string[],
): Pick<Difference, 'peer' | 'ours'> | undefined {
  const failed = distinct(failedPaths.map(peerPath).filter((path) => !path.startsWith('relatedObjects')));
  // A flag that is missing is proposed as the word behind the last one.
  const proposed = distinct(
    fixPaths.map(({path}) => peerPath(path).replace(/\.(args|command)\[\d+\]$/, '.$1')),
  );
  const theirs = failed.length > 0 ? failed : proposed;
  if (theirs.length === 0 || ours.length === 0) return undefined;
  const places = new Set(ours.map(parentOf));
  const isSame =
    failed.length > 0
      ? failed.join() === ours.join()
      : ours.every((path) => proposed.includes(path)) && proposed.every((path) => places.has(parentOf(path)));
  return isSame ? undefined : {peer: theirs.join(' '), ours: ours.join(' ')};
}

function pathsOf(result: ControlResult | undefined, id: string): readonly string[] {
  const failures = result?.failures.filter(({resource}) => resource.id === id) ?? [];
  const paths = failures.flatMap(({resource, findings}) =>
    findings.map(({path}) => ourPath(formatPath(path, resource.object))),
  );
  return distinct(paths.filter(Boolean));
}

export function compareCase(
  framework: Framework,
  one: RuleCase,
  parse: (text: string) => JsonObject,
): readonly Difference[] {
  const result = scan(framework, inventoryOfCase(one, parse)).controls.find(
    ({entry}) => entry.id === one.control,
  );
  const where = `${one.rule}/${one.case}`;
  const base = {control: one.control, where};
  if (result === undefined) return [{...base, what: 'the control', peer: 'known', ours: 'unknown'}];
  if (result.status === 'notEvaluated') {
    return [{...base, what: 'the control', peer: 'evaluated', ours: 'not evaluated'}];
  }
  const failing = new Set(
    [...result.failures, ...result.exclusions].map(({resource}) => idIn(resource.kind, resource.id)),
  );
  const ids = new Set([...Object.keys(one.expectedFailing), ...failing]);
  const differences: Difference[] = [];
  for (const id of ids) {
    const peer = one.expectedFailing[id];
    if ((peer !== undefined) !== failing.has(id)) {
      differences.push({
        ...base,
        what: id,
        peer: verdictWord(peer !== undefined),
        ours: verdictWord(failing.has(id)),
      });
      continue;
    }
    const difference = peer && differentPaths(peer, pathsOf(result, id));
    if (difference) differences.push({...base, what: `paths of ${id}`, ...difference});
  }
  return differences;
}

// The peer reports a component by its pod, and a kubelet by its sensor's object.
const idIn = (kind: string, id: string): string => (kind === 'Kubelet' ? `KubeletInfo//None` : id);

export function comparePlace(
  where: string,
  result: ScanResult,
  peers: readonly PeerResult[],
): readonly Difference[] {
  const differences: Difference[] = [];
  const means = {peer: [] as number[], ours: [] as number[]};
  for (const peer of peers) {
    const ours = result.controls.find(({entry}) => entry.id === peer.id);
    if (ours === undefined || ours.status === 'notEvaluated' || peer.status === 'skipped') continue;
    means.peer.push(peer.compliance);
    means.ours.push(ours.compliance);
    const base = {control: peer.id, where};
    const theirs = new Set(Object.keys(peer.failedResources));
    const failing = new Set(ours.failures.map(({resource}) => resource.id));
    for (const id of new Set([...theirs, ...failing])) {
      if (theirs.has(id) !== failing.has(id)) {
        differences.push({
          ...base,
          what: id,
          peer: verdictWord(theirs.has(id)),
          ours: verdictWord(failing.has(id)),
        });
      }
    }
    const excused = new Set(peer.passedByBuiltInException ?? []);
    const excluded = new Set(ours.exclusions.map(({resource}) => resource.id));
    for (const id of new Set([...excused, ...excluded])) {
      if (excused.has(id) !== excluded.has(id)) {
        differences.push({
          ...base,
          what: id,
          peer: excused.has(id) ? 'excused' : 'judged',
          ours: excluded.has(id) ? 'excused' : 'judged',
        });
      }
    }
    const all = peer.passed + peer.failed;
    if (all !== ours.all) {
      differences.push({...base, what: 'objects counted', peer: String(all), ours: String(ours.all)});
    } else if (peer.failed !== ours.failed && !differences.some((one) => one.control === peer.id)) {
      differences.push({
        ...base,
        what: 'objects failed',
        peer: String(peer.failed),
        ours: String(ours.failed),
      });
    }
  }
  const [peer, ours] = [mean(means.peer), mean(means.ours)];
  if (peer !== ours) differences.push({control: 'all', where, what: 'mean compliance', peer, ours});
  return differences;
}

const mean = (values: readonly number[]): string =>
  (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(2);
