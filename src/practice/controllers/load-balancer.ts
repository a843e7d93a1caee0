import {asObject, asString} from '../../engine/json.ts';
import {type Context, type Controller, itself, keyOf, splitKey, writeStatus} from './controller.ts';
import type {Obj, Service} from './types.ts';

const component = 'metallb-controller';
const user = 'system:serviceaccount:network:metallb-controller';
const wish = 'metallb.io/loadBalancerIPs';

/** Gives Services of type LoadBalancer an address of MetalLB's pools, and Ingresses that of their controller. */
export function loadBalancer(context: Context): Controller {
  const {cache, events} = context;

  function reconcile(key: string): void {
    const [namespace, name] = splitKey(key.replace(/^ingress:/, ''));
    if (key.startsWith('ingress:')) {
      publish(namespace, name);
      return;
    }
    const service = cache.get<Service>('services', namespace, name);
    if (service?.spec.type !== 'LoadBalancer') return;
    if (service.status?.loadBalancer?.ingress?.[0]?.ip) return;
    const address = service.metadata.annotations?.[wish] ?? free();
    if (address === undefined) {
      const message = `Failed to allocate IP for "${namespace}/${name}": no available IPs`;
      events.warning(service, 'AllocationFailed', message, component);
      return;
    }
    const status = {...service.status, loadBalancer: {ingress: [{ip: address, ipMode: 'VIP'}]}};
    writeStatus(context, 'services', service, status, user);
    events.normal(service, 'IPAllocated', `Assigned IP ["${address}"]`, component);
  }

  function publish(namespace: string, name: string): void {
    const ingress = cache.get('ingresses.networking.k8s.io', namespace, name);
    const ip = cache
      .list<Service>('services')
      .find(
        (service) =>
          service.metadata.name.startsWith('ingress-nginx') && service.spec.type === 'LoadBalancer',
      )?.status?.loadBalancer?.ingress?.[0]?.ip;
    if (!ingress || ip === undefined || asObject(ingress.spec).ingressClassName !== 'nginx') return;
    const status = {loadBalancer: {ingress: [{ip}]}};
    writeStatus(
      context,
      'ingresses.networking.k8s.io',
      ingress,
      status,
      'system:serviceaccount:network:ingress-nginx',
    );
  }

  function free(): string | undefined {
    const taken = new Set(
      cache
        .list<Service>('services')
        .flatMap((one) => (one.status?.loadBalancer?.ingress ?? []).map(({ip}) => ip)),
    );
    const wished = cache.list('services').map((one) => one.metadata.annotations?.[wish]);
    return cache
      .list<Obj>('ipaddresspools.metallb.io')
      .flatMap((pool) => asObject(pool.spec).addresses ?? [])
      .flatMap((range) => addresses(asString(range)))
      .find((address) => !taken.has(address) && !wished.includes(address));
  }

  const everyIngress = (): readonly string[] =>
    cache.list('ingresses.networking.k8s.io').map((one) => `ingress:${keyOf(one)}`);
  const waiting = (): readonly string[] =>
    cache
      .list<Service>('services')
      .filter((one) => one.spec.type === 'LoadBalancer')
      .map(keyOf);
  return {
    name: component,
    level: 1,
    watches: {
      services: (event) => [
        ...itself(event),
        ...((event.object as Service).spec.type === 'LoadBalancer' ? everyIngress() : []),
      ],
      'ingresses.networking.k8s.io': ({object}) => [`ingress:${keyOf(object)}`],
      'ipaddresspools.metallb.io': waiting,
    },
    reconcile,
  };
}

/** The addresses of `192.168.1.240-192.168.1.250`, within the last number. */
function addresses(range: string): readonly string[] {
  const [first = '', last = ''] = range.split('-');
  const dot = first.lastIndexOf('.');
  const from = Number(first.slice(dot + 1));
  const to = Number(last.slice(last.lastIndexOf('.') + 1));
  if (!Number.isInteger(from) || !Number.isInteger(to)) return [];
  return Array.from(
    {length: Math.max(0, to - from + 1)},
    (_, index) => `${first.slice(0, dot)}.${from + index}`,
  );
}
