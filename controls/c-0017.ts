import type {Edit} from '../src/engine/change.ts';
import {type ControlMeta, defineControl, type Failure} from '../src/engine/control.ts';
import {asArray, asObject} from '../src/engine/json.ts';
import type {Resource} from '../src/engine/objects.ts';
import {element} from '../src/engine/path.ts';
import {type Container, podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {type Plan, set, workloadFix} from './shared/fix.ts';
import {everyContainer} from './shared/keep.ts';
import {inContainer, linuxContainers, overWorkloads} from './shared/workload.ts';

const field = ['securityContext', 'readOnlyRootFilesystem'] as const;

const failing = (resource: Resource): readonly Container[] =>
  linuxContainers(resource).filter(({securityContext}) => securityContext.readOnlyRootFilesystem !== true);

const meta = {
  id: 'C-0017',
  title: 'Immutable container filesystem',
  practice: 'immutable-file-systems',
  baseScore: 3,
  needs: WORKLOADS,
  messages: {
    writable:
      'Container {container} of {object} can change its own programs and leave tools behind: readOnlyRootFilesystem is {found}. Set it to true, and mount a volume where it must write.',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: Immutable container file systems',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'https://kubernetes.io/docs/concepts/storage/volumes/#emptydir',
  ],
} satisfies ControlMeta;

export const c0017 = defineControl({
  meta,
  ...overWorkloads,
  keep: everyContainer(
    'c.?securityContext.?readOnlyRootFilesystem.orValue(false) == true',
    'Set readOnlyRootFilesystem to true in every container, and mount a volume where it writes.',
  ),
  *check(resource) {
    for (const container of failing(resource)) {
      yield inContainer(
        'writable',
        resource,
        container,
        field,
        container.securityContext.readOnlyRootFilesystem,
      );
    }
  },
  *fixes(failures) {
    for (const failure of failures) yield workloadFix(meta, failure, plan(failure, true));
    for (const failure of failures) yield workloadFix(meta, failure, plan(failure, false));
  },
});

function plan({resource}: Failure, withTemporary: boolean): Plan {
  const containers = failing(resource);
  const names = containers.map(({name}) => name).join(', ');
  const where = withTemporary ? 'outside of its volumes and /tmp' : 'outside of its volumes';
  return {
    approach: withTemporary ? 'at each container, /tmp stays writable' : 'at each container',
    summary: withTemporary ? 'sets it to true and mounts an empty volume at /tmp' : 'sets it to true',
    kind: 'review',
    edits: containers.flatMap((container) => [
      set([...container.path, ...field], true),
      ...(withTemporary ? temporary(resource, container) : []),
    ]),
    consequence: `What container ${names} writes ${where} fails: read-only file system. Mount an emptyDir where it must write.`,
  };
}

/** An empty volume of its own at /tmp; nothing where a volume is mounted there already. */
function temporary(resource: Resource, container: Container): readonly Edit[] {
  const mounts = asArray(container.spec.volumeMounts).map((mount) => asObject(mount).mountPath);
  if (mounts.includes('/tmp') || mounts.includes('/tmp/')) return [];
  const name = `kubekata-tmp-${container.name}`.slice(0, 63);
  return [
    set([...podTemplate(resource).path, 'volumes', element('name', name)], {name, emptyDir: {}}),
    set([...container.path, 'volumeMounts', element('mountPath', '/tmp')], {name, mountPath: '/tmp'}),
  ];
}
