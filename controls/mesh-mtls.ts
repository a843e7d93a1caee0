import {type ControlMeta, defineControl, type Failure, type View} from '../src/engine/control.ts';
import {asObject, asString} from '../src/engine/json.ts';
import {annotationsOf, describe, labelsOf, objectId, type Resource, refOf} from '../src/engine/objects.ts';
import {podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {running} from './shared/agents.ts';
import {idsOf, set} from './shared/fix.ts';
import {manualFix} from './shared/manual.ts';
import {hasWorkloads} from './shared/namespaces.ts';

const meta = {
  id: 'mesh-mtls',
  title: 'Traffic between pods encrypted and authenticated',
  practice: 'service-meshes',
  baseScore: 4,
  needs: ['Namespace', ...WORKLOADS, 'ConfigMap'],
  messages: {
    plain:
      'Pods of {object} speak to each other in the clear, and believe every name: {found}. Use a mesh with strict mTLS, or encryption of the network plugin.',
    permissive:
      'Pods of {object} also take plain requests beside mTLS: mode is {found}. Whoever reaches them without a certificate is served. Set it to STRICT.',
  },
  references: [
    'Kubernetes Hardening Guidance, Audit logging and threat detection: Service meshes',
    'https://istio.io/latest/docs/reference/config/security/peer_authentication/',
  ],
} satisfies ControlMeta;

const istiod = /(^|\/)(pilot|istiod)(-distroless)?$/;
const linkerd = /linkerd\/(controller|proxy-injector)$/;
const proxies = ['istio-proxy', 'linkerd-proxy'];

/** Running pods that the mesh left out: they were there before the label, or refused the proxy. */
const withoutProxy = ({name}: Resource, view: View): readonly string[] =>
  view
    .list('Pod', name)
    .filter(({object}) => asObject(object.status).phase === 'Running')
    .filter((pod) => !podTemplate(pod).containers.some((one) => proxies.includes(one.name)))
    .map((pod) => pod.name);

/** WireGuard or IPsec between nodes, by Cilium that runs and is told so. */
function isNetworkEncrypted(view: View): boolean {
  const data = asObject(view.get('ConfigMap', 'kube-system', 'cilium-config')?.object.data);
  const isTold = data['enable-wireguard'] === 'true' || data['enable-ipsec'] === 'true';
  return isTold && running(view, /(^|\/)cilium$/).some(({kind}) => kind === 'DaemonSet');
}

/** Whether Istio takes part in the pods of a namespace: a label that its webhook and its CNI go by, and Istio itself. */
function isMeshed(namespace: Resource, view: View): boolean {
  const labels = labelsOf(namespace.object);
  const isTaken =
    labels['istio-injection'] === 'enabled' ||
    labels['istio.io/rev'] !== undefined ||
    labels['istio.io/dataplane-mode'] === 'ambient';
  return isTaken && running(view, istiod).length > 0;
}

/** Linkerd encrypts by itself; it turns plain requests away only where its policy says so. */
function linkerdPolicy(namespace: Resource, view: View): string | undefined {
  const notes = annotationsOf(namespace.object);
  if (notes['linkerd.io/inject'] !== 'enabled' || running(view, linkerd).length === 0) return undefined;
  return asString(notes['config.linkerd.io/default-inbound-policy']) || 'all-unauthenticated';
}

const rootNamespace = (view: View): string => running(view, istiod)[0]?.namespace ?? 'istio-system';

const modeOf = ({object}: Resource): string => asString(asObject(asObject(object.spec).mtls).mode) || 'UNSET';
const isWhole = ({object}: Resource): boolean => asObject(object.spec).selector === undefined;

/** A port may be looser than the rest. */
const portModes = ({object}: Resource): readonly string[] =>
  Object.values(asObject(asObject(object.spec).portLevelMtls)).map((one) => asString(asObject(one).mode));

/** The mode that holds for the pods of a namespace: the loosest of a workload's, else its own, else that of the mesh. */
function modeIn(namespace: string, view: View): string {
  const own = view.list('PeerAuthentication', namespace);
  const loose = own
    .flatMap((one) => [...(isWhole(one) ? [] : [modeOf(one)]), ...portModes(one)])
    .find((mode) => /PERMISSIVE|DISABLE/.test(mode));
  const set = own
    .filter(isWhole)
    .map(modeOf)
    .find((mode) => mode !== 'UNSET');
  const whole = view.list('PeerAuthentication', rootNamespace(view)).filter(isWhole).map(modeOf)[0];
  return loose ?? set ?? (whole === undefined || whole === 'UNSET' ? 'PERMISSIVE, the default' : whole);
}

const isOfMesh = (name: string, view: View): boolean =>
  [...running(view, istiod), ...running(view, linkerd)].some(({namespace}) => namespace === name);

const authenticated = /^(all|cluster)-authenticated$|^deny$/;

export const meshMtls = defineControl({
  meta,
  kinds: ['Namespace'],
  counts: ({name}, view) => !/^kube-/.test(name) && !isOfMesh(name, view) && hasWorkloads(view, name),
  *check(resource, view) {
    if (isNetworkEncrypted(view)) return;
    const data = {object: describe(resource)};
    const policy = linkerdPolicy(resource, view);
    const isAmbient = labelsOf(resource.object)['istio.io/dataplane-mode'] === 'ambient';
    const bare = isAmbient ? [] : withoutProxy(resource, view);
    if ((policy !== undefined || isMeshed(resource, view)) && bare.length > 0) {
      const found = `no proxy in ${bare.slice(0, 3).join(', ')}${bare.length > 3 ? ` and ${bare.length - 3} others` : ''}`;
      yield {message: 'plain', path: ['metadata', 'name'], found, data};
    } else if (policy !== undefined) {
      if (!authenticated.test(policy)) {
        const path = ['metadata', 'annotations', 'config.linkerd.io/default-inbound-policy'];
        yield {message: 'permissive', path, found: policy, data};
      }
    } else if (!isMeshed(resource, view)) {
      yield {
        message: 'plain',
        path: ['metadata', 'name'],
        found: 'no mesh, no encryption of the network',
        data,
      };
    } else {
      const mode = modeIn(resource.name, view);
      if (mode !== 'STRICT') yield {message: 'permissive', path: ['metadata', 'labels'], found: mode, data};
    }
  },
  fixes: (failures, view) =>
    failures.map((failure) => (isIstio(failure, view) ? strict(failure, view) : byHand(failure))),
});

/** Whether one object of ours makes the namespace strict: no rule for single workloads stands against it. */
const isIstio = ({resource, findings}: Failure, view: View): boolean =>
  findings.every(({message}) => message === 'permissive') &&
  isMeshed(resource, view) &&
  view.list('PeerAuthentication', resource.name).every((one) => isWhole(one) && portModes(one).length === 0);

function strict(failure: Failure, view: View) {
  const {name} = failure.resource;
  const existing = view.list('PeerAuthentication', name).find((one) => modeOf(one) !== 'UNSET');
  const step = existing
    ? ({do: 'edit', object: refOf(existing), edits: [set(['spec', 'mtls', 'mode'], 'STRICT')]} as const)
    : ({
        do: 'create',
        id: objectId('PeerAuthentication', name, 'default'),
        object: {
          base: {
            apiVersion: 'security.istio.io/v1',
            kind: 'PeerAuthentication',
            metadata: {name: 'default', namespace: name},
            spec: {mtls: {mode: 'STRICT'}},
          },
        },
      } as const);
  return {
    approach: 'strict mTLS for the namespace',
    summary: 'turns requests without a certificate of the mesh away, restarts nothing',
    kind: 'review' as const,
    scope: 'namespace' as const,
    change: {id: `${meta.id} strict ${name}`, steps: [step]},
    clears: idsOf(meta, failure),
    asks: [],
    consequence: `Callers outside the mesh (old pods without a proxy, probes of other namespaces, monitoring) are refused by the pods of ${name} at once.`,
  };
}

const byHand = ({resource}: Failure) =>
  manualFix(meta, resource.key, {
    approach: 'a mesh, or an encrypted network',
    summary: 'encrypts between pods, and proves who calls',
    scope: 'cluster',
    steps: [
      'The least work: a network plugin that encrypts between nodes, Cilium with encryption.enabled=true and encryption.type=wireguard. It proves nodes, not workloads.',
      `With a mesh: install Istio or Linkerd, label namespace ${resource.name} (istio-injection=enabled, or annotation linkerd.io/inject=enabled), restart its workloads, and see a proxy in each pod.`,
      'Look for plain requests in its metrics, take their callers in, then refuse them: PeerAuthentication mode STRICT, or config.linkerd.io/default-inbound-policy: all-authenticated.',
      `Verify: kubectl -n ${resource.name} get peerauthentication -o yaml shows STRICT, and a request from a pod outside the mesh fails.`,
    ],
  });
