import {nanoOf} from '../api/quantity.ts';
import {timestamp} from './clock.ts';
import {
  type Context,
  type Controller,
  defined,
  itself,
  keyOf,
  refusal,
  splitKey,
  systemUser,
  writeStatus,
} from './controller.ts';
import type {Labels, Obj} from './types.ts';

const component = 'persistentvolume-controller';
const user = systemUser('persistent-volume-binder');
const defaultClass = 'storageclass.kubernetes.io/is-default-class';

type Claim = Obj & {
  readonly spec: {
    readonly volumeName?: string;
    readonly storageClassName?: string;
    readonly accessModes?: readonly string[];
    readonly volumeMode?: string;
    readonly resources?: {readonly requests?: Labels};
  };
  readonly status?: {readonly phase?: string};
};
type Volume = Obj & {
  readonly spec: {
    readonly storageClassName?: string;
    readonly accessModes?: readonly string[];
    readonly capacity?: Labels;
    readonly persistentVolumeReclaimPolicy?: string;
    readonly claimRef?: {readonly namespace?: string; readonly name?: string; readonly uid?: string};
  };
  readonly status?: {readonly phase?: string};
};
type StorageClass = Obj & {readonly provisioner?: string; readonly reclaimPolicy?: string};

/** Binds claims: to a volume that fits, else to one that the storage class makes. No volume holds data. */
export function volumeBinder(context: Context): Controller {
  const {cache, machine, events, clock} = context;

  function reconcile(key: string): void {
    const [namespace, name] = splitKey(key);
    if (namespace === '') {
      reclaim(name);
      return;
    }
    const claim = cache.get<Claim>('persistentvolumeclaims', namespace, name);
    if (!claim) return;
    if (claim.metadata.deletionTimestamp !== undefined) {
      release(claim);
      return;
    }
    if (claim.status?.phase === 'Bound') return;
    const volume = reserved(claim) ?? fitting(claim) ?? provision(claim);
    if (volume) bind(claim, volume);
    else if (!claim.status?.phase)
      writeStatus(context, 'persistentvolumeclaims', claim, {phase: 'Pending'}, user);
  }

  const reserved = (claim: Claim): Volume | undefined =>
    cache
      .list<Volume>('persistentvolumes')
      .find(({spec: {claimRef}, metadata}) =>
        claim.spec.volumeName
          ? metadata.name === claim.spec.volumeName
          : claimRef?.name === claim.metadata.name && claimRef.namespace === claim.metadata.namespace,
      );

  function fitting(claim: Claim): Volume | undefined {
    const wanted = nanoOf(claim.spec.resources?.requests?.storage);
    const className = classOf(claim)?.metadata.name ?? claim.spec.storageClassName ?? '';
    return cache
      .list<Volume>('persistentvolumes')
      .filter(
        ({spec}) =>
          !spec.claimRef &&
          (spec.storageClassName ?? '') === className &&
          nanoOf(spec.capacity?.storage) >= wanted &&
          (claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode)),
      )
      .sort((a, b) => Number(nanoOf(a.spec.capacity?.storage) - nanoOf(b.spec.capacity?.storage)))[0];
  }

  function classOf(claim: Claim): StorageClass | undefined {
    const {storageClassName} = claim.spec;
    if (storageClassName)
      return cache.get<StorageClass>('storageclasses.storage.k8s.io', '', storageClassName);
    if (storageClassName === '') return undefined;
    return cache
      .list<StorageClass>('storageclasses.storage.k8s.io')
      .find((one) => one.metadata.annotations?.[defaultClass] === 'true');
  }

  function provision(claim: Claim): Volume | undefined {
    const storage = classOf(claim);
    if (!storage || storage.provisioner === 'kubernetes.io/no-provisioner') {
      const message = claim.spec.storageClassName
        ? `storageclass.storage.k8s.io "${claim.spec.storageClassName}" not found`
        : 'no persistent volumes available for this claim and no storage class is set';
      const reason = claim.spec.storageClassName ? 'ProvisioningFailed' : 'FailedBinding';
      if (!storage)
        events[claim.spec.storageClassName ? 'warning' : 'normal'](claim, reason, message, component);
      return undefined;
    }
    const name = `pvc-${claim.metadata.uid}`;
    const object = {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: {name, annotations: {'pv.kubernetes.io/provisioned-by': storage.provisioner ?? ''}},
      spec: defined({
        accessModes: claim.spec.accessModes,
        capacity: {storage: claim.spec.resources?.requests?.storage ?? '1Gi'},
        claimRef: referenceTo(claim),
        hostPath: {path: `/var/lib/volumes/${name}`, type: ''},
        persistentVolumeReclaimPolicy: storage.reclaimPolicy ?? 'Delete',
        storageClassName: storage.metadata.name,
        volumeMode: claim.spec.volumeMode ?? 'Filesystem',
      }),
    };
    const message = `Successfully provisioned volume ${name}`;
    events.normal(claim, 'ProvisioningSucceeded', message, component);
    return machine.create('persistentvolumes', '', object, {user}) as Volume;
  }

  function bind(claim: Claim, volume: Volume): void {
    let bound = volume;
    if (bound.spec.claimRef?.uid !== claim.metadata.uid) {
      bound = machine.update(
        'persistentvolumes',
        {...bound, spec: {...bound.spec, claimRef: referenceTo(claim)}},
        {user},
      ) as Volume;
    }
    const phase = {phase: 'Bound', lastPhaseTransitionTime: timestamp(clock.now())};
    writeStatus(context, 'persistentvolumes', bound, {...bound.status, ...phase}, user);
    const annotations = {...claim.metadata.annotations, 'pv.kubernetes.io/bind-completed': 'yes'};
    const spec = {
      ...claim.spec,
      volumeName: volume.metadata.name,
      storageClassName: volume.spec.storageClassName ?? '',
    };
    const next = {...claim, metadata: {...claim.metadata, annotations}, spec};
    const updated = machine.update('persistentvolumeclaims', next, {user}) as Claim;
    const status = defined({
      phase: 'Bound',
      accessModes: volume.spec.accessModes,
      capacity: volume.spec.capacity,
    });
    writeStatus(context, 'persistentvolumeclaims', updated, status, user);
  }

  /** A claim that pods still mount waits for them: the finalizer of the API server holds it until then. */
  function release(claim: Claim): void {
    const {finalizers = [], namespace = '', name} = claim.metadata;
    const inUse = cache
      .list<
        Obj & {
          readonly spec?: {
            readonly volumes?: readonly {readonly persistentVolumeClaim?: {readonly claimName: string}}[];
          };
        }
      >('pods', namespace)
      .some((pod) => pod.spec?.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === name));
    if (inUse || finalizers.length === 0) return;
    const left = finalizers.filter((one) => one !== 'kubernetes.io/pvc-protection');
    if (left.length === finalizers.length) return;
    machine.update(
      'persistentvolumeclaims',
      {...claim, metadata: {...claim.metadata, finalizers: left}},
      {user},
    );
  }

  function reclaim(name: string): void {
    const volume = cache.get<Volume>('persistentvolumes', '', name);
    const uid = volume?.spec.claimRef?.uid;
    if (!volume || uid === undefined || cache.byUid(uid)) return;
    if (volume.spec.persistentVolumeReclaimPolicy !== 'Delete') {
      writeStatus(context, 'persistentvolumes', volume, {...volume.status, phase: 'Released'}, user);
      return;
    }
    const finalizers = volume.metadata.finalizers ?? [];
    try {
      if (volume.metadata.deletionTimestamp === undefined)
        machine.delete('persistentvolumes', '', name, {user});
      const left = cache.get<Volume>('persistentvolumes', '', name);
      if (left && finalizers.length > 0) {
        machine.update('persistentvolumes', {...left, metadata: {...left.metadata, finalizers: []}}, {user});
      }
    } catch (error) {
      if (refusal(error).code !== 404) throw error;
    }
  }

  const open = (): readonly string[] =>
    cache
      .list<Claim>('persistentvolumeclaims')
      .filter((claim) => claim.status?.phase !== 'Bound')
      .map(keyOf);
  return {
    name: component,
    level: 0,
    watches: {
      persistentvolumeclaims: (event) => {
        const volume = (event.object as Claim).spec.volumeName;
        return event.type === 'DELETED' ? (volume ? [`/${volume}`] : []) : itself(event);
      },
      persistentvolumes: ({type}) => (type === 'ADDED' ? open() : []),
      'storageclasses.storage.k8s.io': open,
      pods: ({type, object}) =>
        type !== 'DELETED'
          ? []
          : cache
              .list('persistentvolumeclaims', object.metadata.namespace)
              .filter((claim) => claim.metadata.deletionTimestamp !== undefined)
              .map(keyOf),
    },
    reconcile,
  };
}

const referenceTo = ({apiVersion, kind, metadata: {name, namespace = '', uid, resourceVersion}}: Claim) => ({
  apiVersion,
  kind,
  name,
  namespace,
  uid,
  resourceVersion,
});
