import type {Edit} from '../src/engine/change.ts';
import {type ControlMeta, defineControl, type Failure} from '../src/engine/control.ts';
import {asObject} from '../src/engine/json.ts';
import type {Resource} from '../src/engine/objects.ts';
import {type Container, podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {type Plan, set, workloadFix} from './shared/fix.ts';
import {everyContainer} from './shared/keep.ts';
import {inContainer, linuxContainers, overWorkloads} from './shared/workload.ts';

const field = ['securityContext', 'seccompProfile'] as const;
const runtimeDefault = {type: 'RuntimeDefault'} as const;

const meta = {
  id: 'C-0055',
  title: 'Linux hardening',
  practice: 'container-engines',
  baseScore: 4,
  needs: WORKLOADS,
  messages: {
    missing:
      'Container {container} of {object} may make every system call: it has no seccomp profile, nor has its pod. Set RuntimeDefault.',
    unconfined:
      'Container {container} of {object} may make every system call: its seccomp profile is Unconfined, which is none. Set RuntimeDefault.',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: Hardening container environments',
    'https://kubernetes.io/docs/tutorials/security/seccomp/',
  ],
} satisfies ControlMeta;

/** The profile's type: of the container, else of the pod. */
const profileType = (resource: Resource, {securityContext}: Container) => {
  const profile = securityContext.seccompProfile ?? podTemplate(resource).securityContext.seccompProfile;
  return asObject(profile ?? undefined).type ?? undefined;
};

const failing = (resource: Resource): readonly Container[] =>
  linuxContainers(resource).filter((container) => {
    if (container.type === 'ephemeralContainers') return false;
    const type = profileType(resource, container);
    return type === undefined || type === 'Unconfined';
  });

export const c0055 = defineControl({
  meta,
  ...overWorkloads,
  keep: everyContainer(
    "c.?securityContext.?seccompProfile.?type.orValue(variables.pod.?securityContext.?seccompProfile.?type.orValue('Unconfined')) != 'Unconfined'",
    'Set seccompProfile.type to RuntimeDefault or Localhost, for every container or for the pod.',
    {containers: 'lasting'},
  ),
  *check(resource) {
    for (const container of failing(resource)) {
      const type = profileType(resource, container);
      yield inContainer(type === undefined ? 'missing' : 'unconfined', resource, container, field, type);
    }
  },
  *fixes(failures) {
    for (const failure of failures) yield workloadFix(meta, failure, plan(failure));
  },
});

function plan({resource}: Failure): Plan {
  const {path} = podTemplate(resource);
  const unconfined = failing(resource).filter(
    ({securityContext}) => securityContext.seccompProfile !== undefined,
  );
  const edits: readonly Edit[] = [
    ...(unconfined.length < failing(resource).length ? [set([...path, ...field], runtimeDefault)] : []),
    ...unconfined.map((container) => set([...container.path, ...field], runtimeDefault)),
  ];
  return {
    approach: 'for the whole pod',
    summary: 'sets RuntimeDefault, restarts its pods',
    kind: 'review',
    edits,
    consequence:
      'Rare system calls, as of debuggers, of programs that mount, or of sandboxes of their own, fail: operation not permitted.',
  };
}
