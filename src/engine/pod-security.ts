import {asObject, asString, type JsonObject} from './json.ts';
import {baselineChecks} from './pod-security-baseline.ts';
import {makePod, type PodCheck, type Refusal} from './pod-security-check.ts';
import {overridden, restrictedChecks} from './pod-security-restricted.ts';

/** The Pod Security Standards, from the loosest to the strictest. */
export const POD_SECURITY_LEVELS = ['privileged', 'baseline', 'restricted'] as const;
export type PodSecurityLevel = (typeof POD_SECURITY_LEVELS)[number];

export type {Refusal} from './pod-security-check.ts';

const inOrder = (
  checks: Readonly<Record<string, PodCheck>>,
  without: readonly string[] = [],
): readonly PodCheck[] =>
  Object.keys(checks)
    .filter((id) => !without.includes(id))
    .sort()
    .map((id) => checks[id]!);

// The order in which the API server reports: baseline before restricted, each by the id of its check.
const checksOf: Readonly<Record<PodSecurityLevel, readonly PodCheck[]>> = {
  privileged: [],
  baseline: inOrder(baselineChecks),
  restricted: [...inOrder(baselineChecks, overridden), ...inOrder(restrictedChecks)],
};

/**
 * Why a Pod Security Standard, as of Kubernetes 1.36, refuses a pod: in the API server's words and order; empty where it
 * is let in. `template` is what becomes the pod: `metadata` (for annotations) and `spec`.
 */
export function podSecurityRefusals(
  level: PodSecurityLevel,
  template: {readonly metadata?: JsonObject; readonly spec: JsonObject},
): readonly Refusal[] {
  const pod = makePod(template.metadata ?? {}, template.spec);
  return checksOf[level].flatMap((check) => check(pod) ?? []);
}

/** The refusals as the API server joins them: `host namespaces (hostPID=true), privileged (container "web" ...)`. */
export const describeRefusals = (refusals: readonly Refusal[]): string =>
  refusals.map(({reason, detail}) => (detail ? `${reason} (${detail})` : reason)).join(', ');

/** The strictest level that lets in every one of these pods; `restricted` where there is none. */
export function strictestLevel(
  templates: readonly {readonly metadata?: JsonObject; readonly spec: JsonObject}[],
): PodSecurityLevel {
  const allowed = (level: PodSecurityLevel) =>
    templates.every((template) => podSecurityRefusals(level, template).length === 0);
  return POD_SECURITY_LEVELS.findLast(allowed) ?? 'privileged';
}

export const podSecurityLabel = (mode: 'enforce' | 'audit' | 'warn'): string =>
  `pod-security.kubernetes.io/${mode}`;

/** The level that a namespace's label sets for a mode; undefined without a (valid) label. */
export function labelledLevel(
  namespace: JsonObject,
  mode: 'enforce' | 'audit' | 'warn' = 'enforce',
): PodSecurityLevel | undefined {
  const value = asString(asObject(asObject(namespace.metadata).labels)[podSecurityLabel(mode)]);
  return POD_SECURITY_LEVELS.find((level) => level === value);
}
