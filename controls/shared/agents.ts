import type {View} from '../../src/engine/control.ts';
import {asArray, asObject, asString, type JsonObject} from '../../src/engine/json.ts';
import {labelsOf, type Resource} from '../../src/engine/objects.ts';
import {type Container, podTemplate, WORKLOADS} from '../../src/engine/pod-spec.ts';
import {selects} from '../../src/engine/selectors.ts';
import {imageOf, imagesOf, parseImage} from './image.ts';
import {perList} from './per-list.ts';
import {overWorkloads} from './workload.ts';

/** Folders of the node that a container sees, by the volumes that it mounts. */
export function hostFolders(workload: Resource, container: Container): readonly string[] {
  const volumes = new Map(
    asArray(podTemplate(workload).spec.volumes)
      .map(asObject)
      .map((volume) => [volume.name, asString(asObject(volume.hostPath).path)]),
  );
  return asArray(container.spec.volumeMounts)
    .map((mount) => volumes.get(asObject(mount).name ?? '') ?? '')
    .filter((path) => path !== '')
    .map((path) => path.replace(/(.)\/+$/, '$1'));
}

const logFolder = /^\/var\/log(\/(pods|containers))?$/;

/** Whether a workload reads the log files of containers on its node: that makes a collector, not its name. */
export const collectsLogs = (workload: Resource): boolean =>
  podTemplate(workload).containers.some((container) =>
    hostFolders(workload, container).some((folder) => logFolder.test(folder)),
  );

/** What runs and counts as a workload of its own. */
export const allWorkloads = (view: View): readonly Resource[] =>
  WORKLOADS.flatMap((kind) => view.list(kind)).filter((one) => overWorkloads.counts(one));

/** Workloads with a container (none for init) of an image whose repository, the tag left out, is like this. */
export const running = (view: View, repository: RegExp): readonly Resource[] =>
  WORKLOADS.flatMap((kind) =>
    perList(view, kind, `running ${repository.source}`, (list) =>
      list.filter(
        (workload) =>
          // Most have no such image at all: the rest is looked at only for those that have.
          imagesOf(workload).some((image) => repository.test(parseImage(image).repository)) &&
          overWorkloads.counts(workload) &&
          podTemplate(workload).containers.some(
            (one) => one.type === 'containers' && repository.test(imageOf(one).repository),
          ),
      ),
    ),
  );

/** Taints that the controller of DaemonSets tolerates for each of its pods. */
const tolerated = /^node\.kubernetes\.io\//;

function tolerates(tolerations: readonly JsonObject[], taint: JsonObject): boolean {
  if (tolerated.test(asString(taint.key)) || taint.effect === 'PreferNoSchedule') return true;
  return tolerations.some(
    ({key, operator, value, effect}) =>
      (effect === undefined || effect === taint.effect) &&
      (key === undefined || key === taint.key) &&
      (operator === 'Exists' || (value ?? '') === (taint.value ?? '')),
  );
}

/** Whether a term of a required node affinity takes a node; one without any expression takes none. */
function isMeant(term: JsonObject, node: Resource): boolean {
  const {matchExpressions, matchFields} = term;
  if (asArray(matchExpressions).length + asArray(matchFields).length === 0) return false;
  return (
    selects({matchExpressions: matchExpressions ?? []}, labelsOf(node.object)) &&
    selects({matchExpressions: matchFields ?? []}, {'metadata.name': node.name})
  );
}

/** Whether the pods of a DaemonSet may be placed on a node: node name, selector, required affinity, taints. */
function isPlaced(daemonSet: Resource, node: Resource): boolean {
  const {nodeName, nodeSelector, affinity, tolerations} = podTemplate(daemonSet).spec;
  const required = asObject(
    asObject(asObject(affinity).nodeAffinity).requiredDuringSchedulingIgnoredDuringExecution,
  );
  const terms = asArray(required.nodeSelectorTerms).map(asObject);
  const given = asArray(tolerations).map(asObject);
  return (
    (nodeName === undefined || nodeName === node.name) &&
    selects({matchLabels: asObject(nodeSelector)}, labelsOf(node.object)) &&
    (terms.length === 0 || terms.some((term) => isMeant(term, node))) &&
    asArray(asObject(node.object.spec).taints)
      .map(asObject)
      .every((taint) => tolerates(given, taint))
  );
}

/** A DaemonSet for no node at all is switched off, and one without a ready pod does nothing. */
const isOn = ({object}: Resource): boolean => {
  const {desiredNumberScheduled, numberReady} = asObject(object.status);
  return desiredNumberScheduled !== 0 && !(Number(desiredNumberScheduled) > 0 && numberReady === 0);
};

/** The nodes on which no pod of a DaemonSet runs: it may not, or none of its pods is ready anywhere. */
export const nodesWithout = (daemonSet: Resource, nodes: readonly Resource[]): readonly string[] =>
  nodes.filter((node) => !isOn(daemonSet) || !isPlaced(daemonSet, node)).map(({name}) => name);

/** Nodes that none of these DaemonSets reaches; all of them where there is none. */
export const uncovered = (daemonSets: readonly Resource[], nodes: readonly Resource[]): readonly string[] =>
  daemonSets.length === 0
    ? nodes.map(({name}) => name)
    : nodes
        .map(({name}) => name)
        .filter((name) => daemonSets.every((one) => nodesWithout(one, nodes).includes(name)));

export const isControlPlane = ({object}: Resource): boolean =>
  ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'].some(
    (role) => labelsOf(object)[role] !== undefined,
  );
