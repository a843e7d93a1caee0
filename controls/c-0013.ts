import type {Edit, Question} from '../src/engine/change.ts';
import {type ControlMeta, defineControl, type Failure} from '../src/engine/control.ts';
import type {Json} from '../src/engine/json.ts';
import {describe, type Resource} from '../src/engine/objects.ts';
import {type Container, podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {type Plan, set, shown, workloadFix} from './shared/fix.ts';
import {effective as effectiveIn, everyContainer} from './shared/keep.ts';
import {overWorkloads} from './shared/workload.ts';

const meta = {
  id: 'C-0013',
  title: 'Non-root containers',
  practice: 'non-root-containers',
  baseScore: 6,
  needs: WORKLOADS,
  messages: {
    user: 'Container {container} of {object} may run as root: neither runAsNonRoot nor a user other than 0 is set ({found}). Set runAsNonRoot to true, and a user that the image can run as.',
    group:
      'Container {container} of {object} runs with the group root, to which many files belong: runAsGroup is {found}. Set another group.',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: "Non-root" containers',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  ],
} satisfies ControlMeta;

type Field = 'runAsNonRoot' | 'runAsUser' | 'runAsGroup';

/** What holds for a container: its own value, else that of the pod; with the path where it is set. */
function effective(resource: Resource, {securityContext, path}: Container, field: Field) {
  const template = podTemplate(resource);
  const own = {value: securityContext[field], path: [...path, 'securityContext', field]};
  const pod = {value: template.securityContext[field], path: [...template.path, 'securityContext', field]};
  return own.value === undefined && pod.value !== undefined ? pod : own;
}

const isRoot = (value: Json | undefined): boolean => value === undefined || value === 0;

/** No user but root can be told apart in a Windows pod: there only runAsNonRoot is a field. */
const mayBeRoot = (resource: Resource, container: Container): boolean =>
  effective(resource, container, 'runAsNonRoot').value !== true &&
  (podTemplate(resource).windows || isRoot(effective(resource, container, 'runAsUser').value));
const hasRootGroup = (resource: Resource, container: Container): boolean =>
  !podTemplate(resource).windows && isRoot(effective(resource, container, 'runAsGroup').value);

export const c0013 = defineControl({
  meta,
  ...overWorkloads,
  keep: [
    ...everyContainer(
      `${effectiveIn('runAsNonRoot', 'false')} == true || (variables.linux && ${effectiveIn('runAsUser', '0')} != 0)`,
      'Set runAsNonRoot to true, for every container or for the pod.',
      {linux: false},
    ),
    ...everyContainer(
      `${effectiveIn('runAsGroup', '0')} != 0`,
      'Set runAsGroup to a group other than 0, for every container or for the pod.',
    ),
  ],
  *check(resource) {
    const seen = new Set<string>();
    for (const container of podTemplate(resource).containers) {
      const data = {container: container.name, object: describe(resource)};
      const user = effective(resource, container, 'runAsUser');
      const group = effective(resource, container, 'runAsGroup');
      const nonRoot = effective(resource, container, 'runAsNonRoot');
      const ownNonRoot = [...container.path, 'securityContext', 'runAsNonRoot'];
      const findings = [
        ...(mayBeRoot(resource, container)
          ? [
              user.value === undefined
                ? {message: 'user' as const, path: ownNonRoot, found: shown(nonRoot.value), data}
                : {message: 'user' as const, path: user.path, found: shown(user.value), data},
            ]
          : []),
        ...(hasRootGroup(resource, container)
          ? [{message: 'group' as const, path: group.path, found: shown(group.value), data}]
          : []),
      ];
      for (const finding of findings) {
        // What the pod sets for all its containers is one finding.
        const key = JSON.stringify(finding.path);
        if (!seen.has(key)) yield finding;
        seen.add(key);
      }
    }
  },
  *fixes(failures) {
    for (const failure of failures) yield workloadFix(meta, failure, plan(failure, true));
    for (const failure of failures) yield workloadFix(meta, failure, plan(failure, false));
  },
});

function plan({resource}: Failure, withUser: boolean): Plan {
  const containers = podTemplate(resource).containers;
  return {
    approach: withUser
      ? 'at each container, as a user that you choose'
      : 'at each container, as the user of the image',
    summary: withUser ? 'sets runAsNonRoot, a user and a group' : 'sets runAsNonRoot and a group',
    kind: 'review',
    edits: containers.flatMap((container) => editsOf(resource, container, withUser)),
    consequence: withUser
      ? 'Files that belong to another user, ports below 1024 and whatever needs root are refused to it: look at the rollout.'
      : 'An image whose user is root, or no number, does not start: CreateContainerConfigError.',
  };
}

function editsOf(resource: Resource, container: Container, withUser: boolean): readonly Edit[] {
  const edits: Edit[] = [];
  const field = (name: Field) => [...container.path, 'securityContext', name];
  const user = effective(resource, container, 'runAsUser').value;
  if (mayBeRoot(resource, container)) {
    edits.push(set(field('runAsNonRoot'), true));
    const isKnownRoot = user === 0;
    if (!podTemplate(resource).windows && (withUser || isKnownRoot)) {
      edits.push({
        op: 'set',
        path: field('runAsUser'),
        value: {ask: question(resource, container, 'user', '1000')},
      });
    }
  }
  if (hasRootGroup(resource, container)) {
    const suggestion = typeof user === 'number' && user !== 0 ? String(user) : '1000';
    edits.push({
      op: 'set',
      path: field('runAsGroup'),
      value: {ask: question(resource, container, 'group', suggestion)},
    });
  }
  return edits;
}

const question = (
  resource: Resource,
  container: Container,
  what: 'user' | 'group',
  suggestion: string,
): Question => ({
  id: `${resource.key} ${container.name} ${what}`,
  label: `${what} of ${container.name}`,
  type: 'number',
  suggestion,
  reason:
    suggestion === '1000'
      ? `any number but 0 that the image can run as: look at USER in its Dockerfile`
      : 'the number of its user',
});
