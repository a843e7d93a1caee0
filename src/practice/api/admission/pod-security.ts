import {asObject, asString, equal, type JsonObject} from '../../../engine/json.ts';
import {labelsOf} from '../../../engine/objects.ts';
import {type FieldError, forbidden, invalid, invalidValue} from '../api-error.ts';
import type {Context} from '../context.ts';
import {podSpecOf} from '../defaults/workloads.ts';
import type {Draft} from '../draft.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';
import {describeViolations, type Level, violations} from './pod-security-checks.ts';

const prefix = 'pod-security.kubernetes.io/';
type Mode = 'enforce' | 'audit' | 'warn';
type Policy = {readonly level: Level; readonly version: string};

const levels: readonly string[] = ['privileged', 'baseline', 'restricted'];

export function policyOf(namespace: JsonObject | undefined, mode: Mode): Policy {
  const labels = labelsOf(namespace ?? {});
  const level = asString(labels[prefix + mode]) || 'privileged';
  return {
    // A label that is no level is treated as the strictest one, to be safe.
    level: levels.includes(level) ? (level as Level) : 'restricted',
    version: asString(labels[`${prefix}${mode}-version`]) || 'latest',
  };
}

const show = ({level, version}: Policy): string => JSON.stringify(`${level}:${version}`);

const workloads = new Set([
  'replicationcontrollers',
  'podtemplates',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'cronjobs.batch',
]);

/** Refuses a pod against `enforce`, warns of one, or of a workload's template, against `warn`. */
export function checkPodSecurity(
  server: ApiServer,
  info: ResourceInfo,
  draft: Draft,
  old: Stored | undefined,
  sub: string,
  context: Context,
): void {
  const isPod = info.id === 'pods';
  if (!isPod && !workloads.has(info.id)) return;
  if (sub !== '' && sub !== 'ephemeralcontainers') return;
  const spec = podSpecOf(draft);
  if (!spec || (old && equal(spec, podSpecOf(old as Draft)))) return;
  const {namespace = '', name = ''} = draft.metadata as {namespace?: string; name?: string};
  const at = server.get('namespaces', '', namespace);
  const enforce = policyOf(at, 'enforce');
  if (context.annotate) annotate(context.annotate, spec, isPod ? enforce : undefined, policyOf(at, 'audit'));
  if (isPod) {
    const found = violations(enforce.level, spec);
    if (found.length > 0)
      throw forbidden(info, name, `violates PodSecurity ${show(enforce)}: ${describeViolations(found)}`);
  }
  const warn = policyOf(at, 'warn');
  const found = violations(warn.level, spec);
  if (found.length > 0) context.warn(`would violate PodSecurity ${show(warn)}: ${describeViolations(found)}`);
}

/** What the audit log tells of it: the level that holds, and what the mode `audit` finds. */
function annotate(
  add: (key: string, value: string) => void,
  spec: JsonObject,
  enforce: Policy | undefined,
  audit: Policy,
): void {
  if (enforce) add(`${prefix}enforce-policy`, `${enforce.level}:${enforce.version}`);
  const found = violations(audit.level, spec);
  if (found.length > 0)
    add(
      `${prefix}audit-violations`,
      `would violate PodSecurity ${show(audit)}: ${describeViolations(found)}`,
    );
}

/** Labels of a namespace: refuses levels that are none, warns of pods that a new level would refuse. */
export function checkNamespaceLabels(
  server: ApiServer,
  info: ResourceInfo,
  draft: Draft,
  old: Stored | undefined,
  context: Context,
): void {
  const labels = labelsOf(draft);
  const errors: FieldError[] = [];
  for (const mode of ['enforce', 'audit', 'warn'] as const) {
    const level = labels[prefix + mode];
    const version = labels[`${prefix}${mode}-version`];
    if (typeof level === 'string' && !levels.includes(level))
      errors.push(
        invalidValue(`metadata.labels[${prefix}${mode}]`, level, `must be one of ${levels.join(', ')}`),
      );
    if (typeof version === 'string' && version !== 'latest' && !/^v1\.(0|[1-9]\d*)$/.test(version))
      errors.push(
        invalidValue(`metadata.labels[${prefix}${mode}-version]`, version, 'must be "latest" or "v1.x"'),
      );
  }
  const name = asString(asObject(draft.metadata).name);
  if (errors.length > 0) throw invalid(info, name, errors);
  const enforce = policyOf(draft, 'enforce');
  const before = policyOf(old, 'enforce');
  const relaxed =
    enforce.version === before.version && levels.indexOf(enforce.level) <= levels.indexOf(before.level);
  if (!old || enforce.level === 'privileged' || relaxed) return;
  for (const text of existingPodWarnings(server, name, enforce)) context.warn(text);
}

function existingPodWarnings(server: ApiServer, namespace: string, enforce: Policy): readonly string[] {
  const groups = new Map<string, {first: string; count: number}>();
  for (const pod of server.list('pods', namespace)) {
    const found = violations(enforce.level, asObject(pod.spec));
    if (found.length === 0) continue;
    const reasons = found.map(({reason}) => reason).join(', ');
    const name = pod.metadata.name ?? '';
    const group = groups.get(reasons);
    groups.set(reasons, {
      first: group && group.first < name ? group.first : name,
      count: (group?.count ?? 0) + 1,
    });
  }
  if (groups.size === 0) return [];
  const lines = [...groups].map(([reasons, {first, count}]) => {
    const others = count === 1 ? '' : count === 2 ? ' (and 1 other pod)' : ` (and ${count - 1} other pods)`;
    return `${first}${others}: ${reasons}`;
  });
  return [
    `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${show(enforce)}`,
    ...lines.sort(),
  ];
}
