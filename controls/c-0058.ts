import {
  type Control,
  type ControlMeta,
  defineControl,
  type Failure,
  type View,
} from '../src/engine/control.ts';
import {asArray, asObject, asString} from '../src/engine/json.ts';
import {describe, type Resource} from '../src/engine/objects.ts';
import {element, type Path} from '../src/engine/path.ts';
import {type Container, podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {overWorkloads} from './shared/workload.ts';

const meta = {
  id: 'C-0058',
  title: 'CVE-2021-25741 - Using symlink for arbitrary host file system access.',
  practice: 'container-engines',
  baseScore: 6,
  needs: [...WORKLOADS, 'Node'],
  messages: {
    subPath:
      'Container {container} of {object} mounts {found} of a volume, and the kubelet of node {node} ({version}) can be led out of it by a symbolic link, to every file of the node. Upgrade that kubelet.',
  },
  references: [
    'Kubernetes Hardening Guidance, Upgrading and application security practices',
    'https://github.com/kubernetes/kubernetes/issues/104980',
  ],
} satisfies ControlMeta;

/** Last release of each minor version that can be led astray; all before 1.19 can. */
const lastVulnerable: Readonly<Record<number, number>> = {19: 14, 20: 10, 21: 4, 22: 1};

export function isVulnerable(version: string): boolean {
  const match = /^v?1\.(\d+)\.(\d+)/.exec(version);
  if (match === null) return false;
  const [minor, patch] = [Number(match[1]), Number(match[2])];
  return minor < 19 || patch <= (lastVulnerable[minor] ?? -1);
}

const versionOf = ({object}: Resource): string =>
  asString(asObject(asObject(object.status).nodeInfo).kubeletVersion);

const vulnerableNode = (view: View): Resource | undefined =>
  view.list('Node').find((node) => isVulnerable(versionOf(node)));

/** Today's edition counts what could be concerned: no workload where no kubelet is that old. */
export const c0058 = edition(
  (resource, view) => overWorkloads.counts(resource) && vulnerableNode(view) !== undefined,
);
/** The edition of 2021 counted every workload. */
export const c0058of2021 = edition(overWorkloads.counts);

function edition(counts: NonNullable<Control['counts']>) {
  return defineControl<keyof typeof meta.messages>({
    meta,
    kinds: WORKLOADS,
    counts,
    *check(resource, view) {
      const node = vulnerableNode(view);
      if (node === undefined) return;
      for (const {container, path, found} of subPaths(resource)) {
        const data = {
          container: container.name,
          object: describe(resource),
          node: node.name,
          version: versionOf(node),
        };
        yield {message: 'subPath', path, found, data};
      }
    },
    fixes: (failures, view) => failures.map((failure) => upgrade(failure, view)),
  });
}

function subPaths(resource: Resource): readonly {container: Container; path: Path; found: string}[] {
  return podTemplate(resource).containers.flatMap((container) =>
    container.type !== 'containers'
      ? []
      : asArray(container.spec.volumeMounts).flatMap((item) => {
          const mount = asObject(item);
          const field = (['subPath', 'subPathExpr'] as const).find((name) => asString(mount[name]));
          if (field === undefined) return [];
          const path = [
            ...container.path,
            'volumeMounts',
            element('mountPath', asString(mount.mountPath)),
            field,
          ];
          return [{container, path, found: asString(mount[field])}];
        }),
  );
}

const upgrade = ({resource}: Failure, view: View) => {
  const nodes = view.list('Node').filter((node) => isVulnerable(versionOf(node)));
  const names = nodes.map(({name}) => name).join(', ');
  return {
    approach: 'upgrade the kubelet',
    summary: 'a later kubelet follows no link out of a volume',
    kind: 'manual' as const,
    scope: 'cluster' as const,
    change: {id: `${meta.id} upgrade ${resource.key}`, steps: []},
    clears: [],
    asks: [],
    steps: [
      `Upgrade the control plane first, then the kubelet of ${names}, one minor version at a time: kubeadm upgrade node, then the package of the kubelet.`,
      `Until then, let nobody whom you don't trust create pods with subPath; ${describe(resource)} mounts one.`,
      'Verify: kubectl get nodes -o wide, no VERSION is below v1.19.15, v1.20.11, v1.21.5 or v1.22.2.',
    ],
  };
};
