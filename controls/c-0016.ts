import type {Edit} from '../src/engine/change.ts';
import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import type {Resource} from '../src/engine/objects.ts';
import {type Container, podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {capabilities, isRefusedBeside, lowerRefused} from './shared/capabilities.ts';
import {type Plan, set, workloadFix} from './shared/fix.ts';
import {everyContainer} from './shared/keep.ts';
import {inContainer, linuxContainers, overWorkloads} from './shared/workload.ts';

const field = ['securityContext', 'allowPrivilegeEscalation'] as const;

type Looks = (container: Container) => boolean;

const failing = (resource: Resource, looksAt: Looks): readonly Container[] =>
  linuxContainers(resource).filter(
    (container) => looksAt(container) && container.securityContext.allowPrivilegeEscalation !== false,
  );

const meta = {
  id: 'C-0016',
  title: 'Allow privilege escalation',
  practice: 'non-root-containers',
  baseScore: 6,
  needs: WORKLOADS,
  messages: {
    allowed:
      'Container {container} of {object} may gain more rights than it started with: allowPrivilegeEscalation is {found}. Set it to false.',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: "Non-root" containers',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  ],
} satisfies ControlMeta;

/** Today's edition looks at every container: an init container runs in the same pod, with the same token and volumes. */
export const c0016 = edition(() => true, 'containers');
/** The edition of 2021 looked at containers only. */
export const c0016of2021 = edition(({type}) => type === 'containers', 'own');

function edition(looksAt: Looks, containers: 'containers' | 'own') {
  return defineControl<keyof typeof meta.messages>({
    meta,
    ...overWorkloads,
    keep: everyContainer(
      'c.?securityContext.?allowPrivilegeEscalation.orValue(true) == false',
      'Set allowPrivilegeEscalation to false in every container.',
      {containers},
    ),
    *check(resource) {
      for (const container of failing(resource, looksAt)) {
        const value = container.securityContext.allowPrivilegeEscalation;
        yield inContainer('allowed', resource, container, field, value);
      }
    },
    *fixes(failures) {
      for (const failure of failures) {
        yield workloadFix(meta, failure, plan(failure.resource, failing(failure.resource, looksAt)));
      }
    },
  });
}

function plan(resource: Resource, containers: readonly Container[]): Plan {
  const privileged = containers.filter(isRefusedBeside);
  const edits = containers.flatMap((container): readonly Edit[] => [
    set([...container.path, ...field], false),
    ...lowerRefused(container),
  ]);
  const approach = 'at each container';
  if (privileged.length > 0) {
    const names = privileged.map(({name}) => name).join(', ');
    return {
      approach,
      kind: 'review',
      summary: 'sets it to false, and takes privileged away, which the API refuses beside it',
      edits,
      consequence: `Container ${names} is no longer privileged: what it does to the node, its devices or file systems fails.`,
    };
  }
  const raising = containers.filter((container) => raisesItself(resource, container));
  const summary = 'sets it to false';
  if (raising.length === 0) return {approach, kind: 'automatic', summary, edits};
  const names = raising.map(({name}) => name).join(', ');
  return {
    approach,
    kind: 'review',
    summary,
    edits,
    consequence: `A program in container ${names} that raises its rights by a setuid file or a file capability (sudo, ping) can't do so any more.`,
  };
}

/** Known not to run as root, with capabilities left to gain: only then are setuid files and file capabilities of use. */
function raisesItself(resource: Resource, container: Container): boolean {
  const {securityContext} = container;
  const pod = podTemplate(resource).securityContext;
  const user = securityContext.runAsUser ?? pod.runAsUser;
  const isNonRoot =
    (securityContext.runAsNonRoot ?? pod.runAsNonRoot) === true || (user !== undefined && user !== 0);
  const bare = capabilities(container, 'add').length === 0 && capabilities(container, 'drop').includes('ALL');
  return isNonRoot && !bare;
}
