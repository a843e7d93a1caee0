import type {Target} from '../target/target.ts';
import type {TargetChoice} from './choice.ts';

/**
 * Opens what was chosen. The practice cluster is started for it, and reached as a live one: by its kubeconfig.
 * @throws {TargetError}
 */
export async function openTarget(choice: TargetChoice): Promise<Target> {
  if (choice.kind === 'files') {
    const {manifestsTarget} = await import('../target/manifests.ts');
    return manifestsTarget({paths: choice.paths});
  }
  const {liveTarget} = await import('../target/live/live.ts');
  if (choice.kind === 'live') return liveTarget(choice);
  const {openPractice} = await import('./practice-host.ts');
  const practice = await openPractice();
  const target = await liveTarget({
    kubeconfig: practice.kubeconfig,
    kind: 'practice',
    name: practice.scenario,
  });
  return {...bind(target), close: () => target.close().then(() => practice.close())};
}

/** The methods of a target as own properties, so that one of them can be replaced. */
function bind(target: Target): Target {
  const {kind, name, address, environment} = target;
  return {
    kind,
    name,
    address,
    environment,
    identity: (signal) => target.identity(signal),
    watch: (onEvents, signal) => target.watch(onEvents, signal),
    list: (signal) => target.list(signal),
    preview: (change, signal) => target.preview(change, signal),
    apply: (item, signal) => target.apply(item, signal),
    read: (ref, signal) => target.read(ref, signal),
    close: () => target.close(),
  };
}
