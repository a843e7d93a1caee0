import type {JsonObject} from '../../engine/json.ts';
import {timestamp} from './clock.ts';
import {
  type Context,
  type Controller,
  itself,
  refusal,
  splitKey,
  systemUser,
  writeStatus,
} from './controller.ts';
import {conditionOf} from './pods.ts';
import type {Condition, Obj} from './types.ts';

const component = 'namespace-controller';
const user = systemUser(component);
type Namespace = Obj & {
  readonly status?: {readonly phase?: string; readonly conditions?: readonly Condition[]};
};

/** Gives each namespace its ServiceAccount `default` and the root certificate; empties one that is deleted. */
export function namespaceController(context: Context, rootCertificate: () => string): Controller {
  const {cache, machine, clock} = context;

  function reconcile(key: string): void {
    const [, name] = splitKey(key);
    const namespace = cache.get<Namespace>('namespaces', '', name);
    if (!namespace) return;
    if (namespace.metadata.deletionTimestamp !== undefined) {
      empty(namespace);
      return;
    }
    if (!cache.get('serviceaccounts', name, 'default')) {
      const account = {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: {name: 'default', namespace: name},
      };
      make('serviceaccounts', name, account, systemUser('service-account-controller'));
    }
    if (!cache.get('configmaps', name, 'kube-root-ca.crt')) {
      const annotations = {
        'kubernetes.io/description':
          'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
      };
      const metadata = {name: 'kube-root-ca.crt', namespace: name, annotations};
      const map = {apiVersion: 'v1', kind: 'ConfigMap', metadata, data: {'ca.crt': rootCertificate()}};
      make('configmaps', name, map, systemUser('root-ca-cert-publisher'));
    }
  }

  function make(resource: string, namespace: string, object: JsonObject, by: string): void {
    try {
      machine.create(resource, namespace, object, {user: by});
    } catch (error) {
      if (refusal(error).reason !== 'AlreadyExists') throw error;
    }
  }

  function empty(namespace: Namespace): void {
    const {name} = namespace.metadata;
    let left = 0;
    for (const resource of cache.resources()) {
      for (const object of cache.list(resource, name)) {
        left += 1;
        if (object.metadata.deletionTimestamp !== undefined) continue;
        try {
          machine.delete(resource, name, object.metadata.name, {user, propagationPolicy: 'Background'});
        } catch (error) {
          if (refusal(error).code !== 404) throw error;
        }
      }
    }
    left = cache.resources().reduce((sum, resource) => sum + cache.list(resource, name).length, 0);
    if (left > 0) {
      waitFor(namespace, left);
      return;
    }
    for (const event of machine.list('events', name)) {
      machine.delete('events', name, event.metadata.name ?? '', {user});
    }
    machine.finalizeNamespace(name);
  }

  /** Says what keeps it, where that lasts: finalizers that nobody takes away. */
  function waitFor(namespace: Namespace, left: number): void {
    const held = cache
      .resources()
      .flatMap((resource) =>
        cache.list(resource, namespace.metadata.name).map((object) => ({resource, object})),
      )
      .filter(({object}) => (object.metadata.finalizers ?? []).length > 0);
    if (held.length < left) return;
    const byName = Map.groupBy(
      held.flatMap(({object}) => object.metadata.finalizers ?? []),
      (one) => one,
    );
    const names = [...byName].map(([finalizer, all]) => `${finalizer} in ${all.length} resource instances`);
    const type = 'NamespaceFinalizersRemaining';
    const message = `Some content in the namespace has finalizers remaining: ${names.join(', ')}`;
    const latest = cache.get<Namespace>('namespaces', '', namespace.metadata.name);
    if (!latest || conditionOf(latest.status?.conditions, type)?.message === message) return;
    const condition = {
      type,
      status: 'True',
      reason: 'SomeFinalizersRemain',
      message,
      lastTransitionTime: timestamp(clock.now()),
    };
    writeStatus(
      context,
      'namespaces',
      latest,
      {...latest.status, phase: 'Terminating', conditions: [condition]},
      user,
    );
  }

  return {
    name: component,
    level: 0,
    watches: {
      namespaces: itself,
      serviceaccounts: ({type, object}) =>
        type === 'DELETED' && object.metadata.name === 'default' ? [`/${object.metadata.namespace}`] : [],
      configmaps: ({type, object}) =>
        type === 'DELETED' && object.metadata.name === 'kube-root-ca.crt'
          ? [`/${object.metadata.namespace}`]
          : [],
      '*': ({type, object}) => {
        const namespace = cache.get('namespaces', '', object.metadata.namespace ?? '');
        return type === 'DELETED' && namespace?.metadata.deletionTimestamp !== undefined
          ? [`/${object.metadata.namespace}`]
          : [];
      },
    },
    reconcile,
  };
}
