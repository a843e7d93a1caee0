type Key = object;
type Metadata = Map<unknown, unknown>;

/**
 * The part of the metadata reflection API that @peculiar/x509's injector asks for, which no Node has. Installed only
 * while certificates are made, and only where nobody has installed a whole one.
 */
export function installReflectMetadata(): void {
  if ('getMetadata' in Reflect) return;
  const store = new WeakMap<Key, Metadata>();
  const own = (key: unknown, target: Key): unknown => store.get(target)?.get(key);
  const get = (key: unknown, target: Key | null): unknown => {
    for (let at = target; at !== null; at = Object.getPrototypeOf(at) as Key | null) {
      if (store.get(at)?.has(key)) return own(key, at);
    }
    return undefined;
  };
  const define = (key: unknown, value: unknown, target: Key): void => {
    const metadata: Metadata = store.get(target) ?? new Map();
    metadata.set(key, value);
    store.set(target, metadata);
  };
  Object.assign(Reflect, {
    getMetadata: get,
    getOwnMetadata: own,
    defineMetadata: define,
    hasOwnMetadata: (key: unknown, target: Key) => store.get(target)?.has(key) ?? false,
    metadata: (key: unknown, value: unknown) => (target: Key) => define(key, value, target),
  });
}
