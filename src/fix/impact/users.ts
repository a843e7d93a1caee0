import {asArray, asObject, asString, type JsonObject} from '../../engine/json.ts';
import {describe, type Resource, refOf} from '../../engine/objects.ts';
import {type Container, podTemplate} from '../../engine/pod-spec.ts';
import {type Consequence, listOf, type Topic} from './situation.ts';

/** What the kubelet sees: the container's own value, else the pod's. */
const field = (workload: Resource, container: Container, name: string) =>
  container.securityContext[name] ?? podTemplate(workload).securityContext[name];

const containersOf = (workload: Resource | undefined): readonly Container[] =>
  workload === undefined ? [] : podTemplate(workload).containers;

const same = (before: Resource | undefined, container: Container): Container | undefined =>
  containersOf(before).find(({name, type}) => name === container.name && type === container.type);

/** Who a container runs as, and where it may write: what its image is made for is not in the API. */
export const users: Topic = ({workloads}) => {
  const found: Consequence[] = [];
  for (const {ref, before, after} of workloads) {
    const roots: string[] = [];
    const unknown: string[] = [];
    const others: string[] = [];
    const readOnly: string[] = [];
    const privileged: string[] = [];
    for (const container of containersOf(after)) {
      const old = same(before, container);
      const was = (name: string) => old && before && field(before, old, name);
      const is = (name: string) => field(after, container, name);
      const what = asString(container.spec.image) || 'no image';
      const image = `${container.name} (${what})`;
      if (is('runAsNonRoot') === true && was('runAsNonRoot') !== true) {
        if (is('runAsUser') === 0) roots.push(image);
        else if (is('runAsUser') === undefined) unknown.push(image);
      }
      const uid = is('runAsUser');
      if (uid !== undefined && uid !== 0 && uid !== was('runAsUser'))
        others.push(`${image} as ${String(uid)}`);
      if (
        container.securityContext.readOnlyRootFilesystem === true &&
        old?.securityContext.readOnlyRootFilesystem !== true
      ) {
        readOnly.push(`${container.name} (${what}${writable(after, container.spec)})`);
      }
      if (container.securityContext.privileged !== true && old?.securityContext.privileged === true)
        privileged.push(image);
    }
    const name = describe(after);
    const tell = (mark: Consequence['mark'], names: readonly string[], one: string, many: string) => {
      if (names.length === 0) return;
      const text = `${name}: ${listOf(names)} ${names.length === 1 ? one : many}`;
      found.push({mark, text, object: refOf(after), cause: ref});
    };
    tell(
      'failed',
      roots,
      'must not run as root and is told to (runAsUser 0): it does not start (CreateContainerConfigError).',
      'must not run as root and are told to (runAsUser 0): they do not start (CreateContainerConfigError).',
    );
    tell(
      'look',
      unknown,
      'may run as root, which the image alone tells: if it does, it does not start (CreateContainerConfigError).',
      'may run as root, which the images alone tell: those that do, do not start (CreateContainerConfigError).',
    );
    tell(
      'look',
      others,
      'runs as another user: files that belong to root can not be written any more.',
      'run as other users: files that belong to root can not be written any more.',
    );
    tell(
      'look',
      readOnly,
      'can not write to its image any more: what writes elsewhere than to a volume fails.',
      'can not write to their images any more: what writes elsewhere than to a volume fails.',
    );
    tell(
      'look',
      privileged,
      'is not privileged any more: what needs devices or the kernel of the node fails.',
      'are not privileged any more: what needs devices or the kernel of the node fails.',
    );
  }
  return found;
};

/** Where it can still write. */
function writable(workload: Resource, container: JsonObject): string {
  const volumes = asArray(podTemplate(workload).spec.volumes).map(asObject);
  const paths = asArray(container.volumeMounts)
    .map(asObject)
    .filter(({name, readOnly}) => {
      const volume = volumes.find((one) => one.name === name);
      const isFixed = ['configMap', 'secret', 'projected', 'downwardAPI'].some(
        (kind) => volume?.[kind] !== undefined,
      );
      return readOnly !== true && !isFixed;
    })
    .map(({mountPath}) => asString(mountPath));
  return paths.length > 0 ? `, ${listOf(paths)} ${paths.length === 1 ? 'stays' : 'stay'} writable` : '';
}
