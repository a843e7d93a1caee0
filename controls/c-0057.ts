import {type ControlMeta, defineControl, type Failure} from '../src/engine/control.ts';
import {podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {addedPath, capabilities, plainName, takeCapabilities, takePrivileged} from './shared/capabilities.ts';
import {type Plan, workloadFix} from './shared/fix.ts';
import {addsOneOf, everyContainer} from './shared/keep.ts';
import {inContainer, linuxContainers, overWorkloads} from './shared/workload.ts';

const isSysAdmin = (capability: string): boolean => plainName(capability) === 'SYS_ADMIN';

const meta = {
  id: 'C-0057',
  title: 'Privileged container',
  practice: 'pod-security-enforcement',
  baseScore: 8,
  needs: WORKLOADS,
  messages: {
    privileged:
      'Container {container} of {object} is privileged: it may do on the node what root may. Take that away, and give it the one device or capability that it needs.',
    sysAdmin:
      'Container {container} of {object} adds {found}, which is close to being root on the node. Take it away.',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: Pod security enforcement',
    'https://kubernetes.io/docs/concepts/security/linux-kernel-security-constraints/#privileged-containers',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  ],
} satisfies ControlMeta;

export const c0057 = defineControl({
  meta,
  ...overWorkloads,
  keep: everyContainer(
    `c.?securityContext.?privileged.orValue(false) == false && !${addsOneOf(['SYS_ADMIN'])}`,
    'Set privileged to false in every container, and do not add SYS_ADMIN.',
  ),
  *check(resource) {
    for (const container of linuxContainers(resource)) {
      const {privileged} = container.securityContext;
      if (privileged === true) {
        yield inContainer('privileged', resource, container, ['securityContext', 'privileged'], privileged);
      }
      for (const capability of new Set(capabilities(container, 'add').filter(isSysAdmin))) {
        yield inContainer('sysAdmin', resource, container, addedPath(capability), capability);
      }
    }
  },
  *fixes(failures) {
    for (const failure of failures) yield workloadFix(meta, failure, plan(failure));
  },
});

function plan({resource}: Failure): Plan {
  const containers = podTemplate(resource).containers;
  const names = containers.filter(
    (one) => takePrivileged(one).length + takeCapabilities(one, isSysAdmin).length > 0,
  );
  return {
    approach: 'at each container',
    summary: 'sets privileged to false and takes SYS_ADMIN away',
    kind: 'review',
    edits: containers.flatMap((one) => [...takePrivileged(one), ...takeCapabilities(one, isSysAdmin)]),
    consequence: `What container ${names.map(({name}) => name).join(', ')} does to the node is refused: mounting, devices, network and kernel settings.`,
  };
}
