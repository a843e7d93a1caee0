import type {Fix, Step} from '../src/engine/change.ts';
import {type ControlMeta, defineControl, type Failure, type View} from '../src/engine/control.ts';
import {asArray, asObject, asString, isObject, type JsonObject} from '../src/engine/json.ts';
import {objectId, type Resource} from '../src/engine/objects.ts';
import {allowWithin, denyByDefault, openingOf, servicesOf} from './shared/exposed.ts';
import {idsOf} from './shared/fix.ts';
import {listIn} from './shared/namespaces.ts';

const meta = {
  id: 'C-0054',
  title: 'Cluster internal networking',
  practice: 'network-policies',
  baseScore: 4,
  needs: ['Namespace', 'NetworkPolicy'],
  messages: {
    open: 'Namespace {name} has {found}: every pod of the cluster reaches every pod in it, on every port. Add one that lets in what is needed.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Network policies',
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  ],
} satisfies ControlMeta;

export const c0054 = defineControl({
  meta,
  kinds: ['Namespace'],
  *check({name}, view) {
    const own = ['NetworkPolicy', 'CiliumNetworkPolicy'].some((kind) => listIn(view, kind, name).length > 0);
    if (own || view.list('CiliumClusterwideNetworkPolicy').some(coversAll)) return;
    yield {message: 'open', path: ['metadata', 'name'], found: 'no NetworkPolicy', data: {name}};
  },
  fixes: (failures, view) => [
    ...failures.map((failure) => within(failure, view)),
    ...failures.map((failure) => denying(failure, view)),
  ],
});

/** Whether a cluster-wide policy restricts every pod: it selects all, and does not switch its denial off. */
function coversAll({object}: Resource): boolean {
  return [object.spec, ...asArray(object.specs)].filter(isObject).some((spec) => {
    const {endpointSelector, enableDefaultDeny, ingress, egress} = spec;
    const {matchLabels, matchExpressions} = asObject(endpointSelector);
    const selectsAll =
      isObject(endpointSelector) &&
      Object.keys(asObject(matchLabels)).length === 0 &&
      asArray(matchExpressions).length === 0;
    const denies = asObject(enableDefaultDeny);
    const isOff = denies.ingress === false && denies.egress === false;
    return selectsAll && !isOff && (ingress !== undefined || egress !== undefined);
  });
}

const creating = (object: JsonObject): Step => {
  const {name, namespace} = asObject(object.metadata);
  return {
    do: 'create',
    id: objectId('NetworkPolicy', asString(namespace), asString(name)),
    object: {base: object},
  };
};

const listed = (services: readonly Resource[]): string => services.map(({name}) => name).join(', ');

function policies(
  {resource, findings}: Failure,
  view: View,
  first: JsonObject,
  then: Pick<Fix, 'approach' | 'summary'> & {readonly also: string},
): Fix {
  const {name} = resource;
  const {exposed, inner} = servicesOf(view, name);
  const lost =
    inner.length > 0
      ? `Pods of other namespaces, and webhooks called by the API server, no longer reach Service ${listed(inner)} of namespace ${name}.`
      : `Pods of other namespaces no longer reach those of namespace ${name}, but by its Services.`;
  const kept = exposed.length > 0 ? ` Service ${listed(exposed)} stays open to all.` : '';
  return {
    approach: then.approach,
    summary: then.summary,
    kind: 'review',
    scope: 'namespace',
    change: {
      id: `${meta.id} ${then.approach} ${resource.key}`,
      steps: [first, ...exposed.map((service) => openingOf(name, service))].map(creating),
    },
    clears: idsOf(meta, {resource, findings}),
    asks: [],
    consequence: `${lost}${kept}${then.also} A network plugin that knows no policies enforces nothing of it.`,
  };
}

const within = (failure: Failure, view: View): Fix =>
  policies(failure, view, allowWithin(failure.resource.name), {
    approach: 'inside the namespace',
    summary: 'lets in its own pods, and whoever uses a Service that is exposed; what goes out stays open',
    also: '',
  });

const denying = (failure: Failure, view: View): Fix =>
  policies(failure, view, denyByDefault(failure.resource.name), {
    approach: 'deny by default, both ways',
    summary: 'as before, and out go only DNS and what stays in the namespace',
    also: ` Its pods reach neither other namespaces, nor the API server, nor the internet: those that need one need a policy of their own.`,
  });
