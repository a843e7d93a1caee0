import {type ControlMeta, defineControl, type Failure} from '../src/engine/control.ts';
import {asArray, asObject, asString} from '../src/engine/json.ts';
import type {Resource} from '../src/engine/objects.ts';
import {element, type Path} from '../src/engine/path.ts';
import {type Container, podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {type Plan, set, workloadFix} from './shared/fix.ts';
import {everyContainer} from './shared/keep.ts';
import {inContainer, overWorkloads} from './shared/workload.ts';

const meta = {
  id: 'C-0006',
  title: 'Allowed hostPath',
  practice: 'pod-security-enforcement',
  baseScore: 6,
  needs: WORKLOADS,
  messages: {
    writable:
      'Container {container} of {object} may write to {host} of its node: readOnly of that mount is {found}. Set it to true, or use another volume.',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: Pod security enforcement',
    'https://kubernetes.io/docs/concepts/storage/volumes/#hostpath',
  ],
} satisfies ControlMeta;

type Mount = {
  readonly container: Container;
  readonly field: Path;
  readonly readOnly: boolean | undefined;
  readonly host: string;
};

function writableMounts(resource: Resource): readonly Mount[] {
  const {spec, containers} = podTemplate(resource);
  const paths = new Map(
    asArray(spec.volumes).flatMap((item) => {
      const {name, hostPath} = asObject(item);
      return hostPath ? [[asString(name), asString(asObject(hostPath).path)] as const] : [];
    }),
  );
  return containers.flatMap((container) =>
    container.type === 'ephemeralContainers'
      ? []
      : asArray(container.spec.volumeMounts).flatMap((item): readonly Mount[] => {
          const {name, mountPath, readOnly} = asObject(item);
          const host = paths.get(asString(name));
          if (host === undefined || readOnly === true) return [];
          const field = ['volumeMounts', element('mountPath', asString(mountPath)), 'readOnly'];
          return [{container, field, host, readOnly: readOnly === false ? false : undefined}];
        }),
  );
}

export const c0006 = defineControl({
  meta,
  ...overWorkloads,
  keep: everyContainer(
    'c.?volumeMounts.orValue([]).all(mount, mount.?readOnly.orValue(false) || !variables.pod.?volumes.orValue([]).exists(volume, volume.name == mount.name && has(volume.hostPath)))',
    'Mount folders of the node with readOnly: true, or use another volume.',
    {containers: 'lasting', linux: false},
  ),
  *check(resource) {
    for (const {container, field, readOnly, host} of writableMounts(resource)) {
      const finding = inContainer('writable', resource, container, field, readOnly);
      yield {...finding, data: {...finding.data, host}};
    }
  },
  *fixes(failures) {
    for (const failure of failures) yield workloadFix(meta, failure, plan(failure));
  },
});

function plan({resource}: Failure): Plan {
  const mounts = writableMounts(resource);
  const hosts = [...new Set(mounts.map(({host}) => host))].join(', ');
  return {
    approach: 'at each mount',
    summary: 'mounts it read-only',
    kind: 'review',
    edits: mounts.map(({container, field}) => set([...container.path, ...field], true)),
    consequence: `What it writes to ${hosts} of the node fails: read-only file system. Data that it keeps there needs another volume first.`,
  };
}
